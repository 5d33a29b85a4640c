import type { Graph, GraphInput } from '../../graph/graph';
import { GraphAssembler } from '../../graph/graphAssembler';
import { inferLayers } from '../../graph/inferLayers';
import { opaqueOperators } from '../../graph/opaqueOperators';
import type { Layer, Notice, TensorEntry } from '../../model/model';
import type { KerasGeneration } from '../../graph/kerasActivations';
import { ConfigFields, malformed } from './configFields';
import { describeLayers } from './describeLayers';
import { GraphBuilder } from './graphBuilder';
import { inputShapeOf, inputTypeOf, sequentialInput } from './inputShapes';
import { WeightIndex } from './layerWeights';
import { type KerasModel, readKerasModel } from './modelConfig';

/** What a Keras model's configuration says of its layers and how they are connected. */
export interface KerasTopology {
  readonly graph: Graph | null;
  /** The graph again for inputs of known shapes, where the configuration leaves sizes open. */
  readonly lowerGraph?: (inputShapes: readonly (readonly number[])[]) => Graph;
  /** Why there is no graph, in words; null where there is one. */
  readonly graphMissing: string | null;
  /** Layers with variables, in the model's order. */
  readonly layers: readonly Layer[];
  readonly notices: readonly Notice[];
}

/**
 * Reads the topology of a Keras model, sequential or functional, in the style of Keras 2,
 * TensorFlow.js or Keras 3. Layer classes outside the operator set become opaque nodes.
 * @param modelTopology `{class_name, config}`, or `{model_config: {class_name, config}}`
 * @param tensors of the same file; optimizer variables belong to no layer
 * @throws FormatError naming layer and field, also where a tensor's shape is not what its layer says.
 * Source: get_config of Keras 2.15 and 3.15; serialization of tfjs-layers 4.22.
 */
export function readKerasTopology(
  modelTopology: unknown,
  tensors: readonly TensorEntry[],
): KerasTopology {
  const topology = ConfigFields.of(modelTopology, 'modelTopology');
  const root = topology.has('model_config') ? topology.object('model_config') : topology;
  const className = root.string('class_name');
  const model = readKerasModel(className, root.raw('config'));
  if (model === null) {
    return withoutGraph(
      tensors,
      `the model is of class ${className}, which does not list its layers`,
    );
  }
  if (!tensors.some((tensor) => tensor.role === 'parameter') && needsWeights(model)) {
    return withoutWeights(model);
  }
  return build({ model, tensors, generation: generationOf(topology, root) });
}

/** What a graph is built from, again where shapes are known better. */
interface Source {
  readonly model: KerasModel;
  readonly tensors: readonly TensorEntry[];
  readonly generation: KerasGeneration;
}

function build(source: Source): KerasTopology {
  const inputs = readInputs(source.model, source.tensors);
  if (typeof inputs === 'string') return withoutGraph(source.tensors, inputs);
  const { graph, layers } = writeGraph(source, inputs);
  const isOpen = inputs.some(({ shape }) => shape.slice(1).includes(-1));
  return {
    graph,
    ...(isOpen ? { lowerGraph: lowering(source, inputs) } : {}),
    graphMissing: null,
    layers,
    notices: opaqueOperators(graph).map(unsupportedOperator),
  };
}

type Inputs = readonly Omit<GraphInput, 'value'>[];

function writeGraph({ model, tensors, generation }: Source, inputs: Inputs) {
  const assembler = new GraphAssembler('keras config');
  const builder = new GraphBuilder(assembler, new WeightIndex(tensors), generation);
  const given = inputs.map((input) =>
    assembler.input({ ...input, value: assembler.claimId(input.name) }),
  );
  const values = builder.callModel(model, given, { scopes: [model.name] });
  const names = outputNames(model);
  const graph = assembler.finish(values.map((value, i) => ({ value, name: names[i] ?? value })));
  return { graph, layers: uniqueNames(builder.foundLayers(model).flatMap(describeLayers)) };
}

/** Layers that need to know the sizes of their input can be written out once those are there. */
function lowering(
  source: Source,
  inputs: Inputs,
): (shapes: readonly (readonly number[])[]) => Graph {
  return (shapes) => {
    const known = inputs.map((input, i) => ({ ...input, shape: shapes[i] ?? input.shape }));
    return writeGraph(source, known).graph;
  };
}

/** The graph's inputs; a reason in words where a sequential model does not say its input's shape. */
function readInputs(model: KerasModel, tensors: readonly TensorEntry[]): Inputs | string {
  if (model.kind === 'sequential') {
    const input = sequentialInput(model, tensors);
    if (input === null) return 'the first layer does not say the shape of its input';
    return [input];
  }
  return model.inputs.map((reference) => {
    const layer = model.layers.find(({ name }) => name === reference.layer);
    if (layer?.className !== 'InputLayer') {
      const found = layer === undefined ? `${reference.layer}, which is no layer` : layer.className;
      throw malformed(`model ${model.name}: input_layers`, found, 'names of input layers');
    }
    const shape = inputShapeOf(layer.config);
    if (shape === null) throw layer.config.bad('batch_input_shape', 'the shape of a batch');
    return { name: layer.name, shape, type: inputTypeOf(layer) };
  });
}

/** Outputs go by the name of their layer; a second one of the same layer with a number. */
function outputNames(model: KerasModel): readonly string[] {
  if (model.kind === 'sequential') return [model.layers.at(-1)?.name ?? model.name];
  const used = new Map<string, number>();
  return model.outputs.map(({ layer }) => {
    const use = used.get(layer) ?? 0;
    used.set(layer, use + 1);
    return use === 0 ? layer : `${layer}_${use}`;
  });
}

/** `keras_version` 3.x; everything else, TensorFlow.js too, keeps the definitions of Keras 2. */
function generationOf(topology: ConfigFields, root: ConfigFields): KerasGeneration {
  const version = topology.raw('keras_version') ?? root.raw('keras_version');
  return typeof version === 'string' && version.startsWith('3') ? 3 : 2;
}

/** Layers of nested models may share a name; the second is told apart by its use. */
function uniqueNames(layers: readonly Layer[]): readonly Layer[] {
  const seen = new Set<string>();
  return layers.map((layer) => {
    let { name } = layer;
    for (let use = 2; seen.has(name); use++) name = `${layer.name}@${use}`;
    seen.add(name);
    return name === layer.name ? layer : { ...layer, name };
  });
}

function withoutGraph(tensors: readonly TensorEntry[], reason: string): KerasTopology {
  return { graph: null, graphMissing: reason, layers: inferLayers(tensors), notices: [] };
}

const WITH_WEIGHTS: ReadonlySet<string> = new Set([
  'Dense',
  'Conv2D',
  'DepthwiseConv2D',
  'Embedding',
  'BatchNormalization',
]);

function needsWeights({ layers }: KerasModel): boolean {
  return layers.some(({ className, nested }) =>
    nested === null ? WITH_WEIGHTS.has(className) : needsWeights(nested),
  );
}

function withoutWeights(model: KerasModel): KerasTopology {
  const reason = 'the file describes layers, but holds no weights';
  const layers = model.layers.filter(({ className }) => WITH_WEIGHTS.has(className));
  return {
    graph: null,
    graphMissing: reason,
    layers: layers.map((layer) => ({
      name: layer.name,
      operator: 'other',
      operatorLabel: layer.className,
      parameters: [],
      unitAxis: null,
      unitCount: null,
      prunable: false,
      lockedBy: 'no-weight',
    })),
    notices: [{ code: 'no-weights', message: reason }],
  };
}

function unsupportedOperator(name: string): Notice {
  const message = `${name} cannot be run here: its weights are shown and pruned, but not evaluated`;
  return { code: 'unsupported-operator', message };
}
