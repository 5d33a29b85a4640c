import path from 'node:path';
import { FormatError, UnsupportedError } from '../core/errors';
import { attentionHeads } from '../core/graph/attentionHeads';
import type { Graph, GraphNode } from '../core/graph/graph';
import type { Operator } from '../core/graph/operators/operator';
import { opaqueOperators } from '../core/graph/opaqueOperators';
import { overrideUnits } from '../core/graph/overrideUnits';
import { hasUnitScales } from '../core/graph/unitScale';
import { modelByteLength, parameterCount } from '../core/model/model';
import type { Layer, Model, TensorEntry } from '../core/model/model';
import type { UnitLayout } from '../core/recipe/recipe';
import { runnableGraph } from '../engines/runnableGraph';
import type { LayerView, ModelView, TensorView } from '../protocol/views';
import { metadataView } from './metadataView';
import { storageView } from './storageView';

/** What the host is told of an opened model. `mainPath` is its main file, absolute. */
export function modelView(model: Model, mainPath: string): ModelView {
  const { graph } = model;
  const reason = whyNotExecutable(model);
  const outputLayers = graph === undefined ? new Set<string>() : layersBeforeOutputs(graph);
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  return {
    path: mainPath,
    name: displayName(mainPath),
    format: model.format,
    formatLabel: model.formatLabel,
    parameterCount: parameterCount(model),
    byteLength: modelByteLength(model),
    dtypes: dtypesByCount(model.tensors),
    tensors: model.tensors.map((tensor) => ({
      ...tensorView(tensor),
      storage: storageView(model, tensor),
    })),
    layers: layerViews(model, byName, outputLayers),
    notices: model.notices,
    metadata: metadataView(model.metadata),
    executable: reason === null,
    notExecutableBecause: reason,
    nodeCount: supportedNodeCount(model),
    hasHeads: hasHeads(model),
    hasUnitScales: hasUnitScales(model),
    inputs: graph?.inputs.map(({ name, shape }) => ({ name, shape })) ?? [],
    outputs: graph?.outputs.map(({ name }) => ({ name })) ?? [],
  };
}

/** A model kept in several files is known by its folder; its index file is called the same everywhere. */
function displayName(mainPath: string): string {
  const folder = path.basename(path.dirname(mainPath));
  const isIndex = path.extname(mainPath).toLowerCase() === '.json';
  return isIndex && folder !== '' ? folder : path.basename(mainPath);
}

function tensorView({ name, shape, dtype, elementCount, role }: TensorEntry): TensorView {
  return { name, shape, dtype, elementCount, role };
}

function layerViews(
  model: Model,
  tensors: ReadonlyMap<string, TensorEntry>,
  outputLayers: ReadonlySet<string>,
): readonly LayerView[] {
  const axesBy = (layout: UnitLayout): readonly Layer[] =>
    overrideUnits(model, { layout, layers: {} }).layers;
  const [torch, keras] = [axesBy('torch'), axesBy('keras')];
  return model.layers.map((layer, i) => ({
    ...layerView(tensors, layer, outputLayers),
    unitAxisBy:
      layer.guessed === true && layer.weight !== undefined
        ? { torch: torch[i]?.unitAxis ?? null, keras: keras[i]?.unitAxis ?? null }
        : null,
  }));
}

function layerView(
  tensors: ReadonlyMap<string, TensorEntry>,
  layer: Layer,
  outputLayers: ReadonlySet<string>,
): Omit<LayerView, 'unitAxisBy'> {
  const weight = layer.weight === undefined ? undefined : tensors.get(layer.weight);
  return {
    name: layer.name,
    operator: layer.operator,
    operatorLabel: layer.operatorLabel,
    tensors: layer.parameters,
    weight: weight === undefined ? null : tensorView(weight),
    parameterCount: layer.parameters.reduce(
      (sum, name) => sum + (tensors.get(name)?.elementCount ?? 0),
      0,
    ),
    prunable: layer.prunable,
    lockedBy: layer.lockedBy,
    isOutput: outputLayers.has(layer.name),
    guessed: layer.guessed === true,
    unitAxis: layer.unitAxis,
    unitCount: layer.unitCount,
  };
}

function dtypesByCount(tensors: readonly TensorEntry[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { dtype, elementCount, role } of tensors) {
    if (role === 'parameter') counts.set(dtype, (counts.get(dtype) ?? 0) + elementCount);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([dtype]) => dtype);
}

/** A graph whose shapes do not fit can still be looked at. */
function hasHeads(model: Model): boolean {
  try {
    return attentionHeads(model).length > 0;
  } catch (error) {
    if (error instanceof FormatError || error instanceof UnsupportedError) return false;
    throw error;
  }
}

/** Null where some engine can run the model. */
function whyNotExecutable(model: Model): string | null {
  try {
    runnableGraph(model);
    return null;
  } catch (error) {
    if (error instanceof UnsupportedError) return error.detail.found;
    throw error;
  }
}

/** Null where the own executor does not know them all, as in ONNX files that ONNX Runtime runs. */
function supportedNodeCount({ graph }: Model): number | null {
  if (graph === undefined || opaqueOperators(graph).length > 0) return null;
  return graph.nodes.length;
}

/** Layers whose values reach an output through nothing but operators without weights. */
function layersBeforeOutputs(graph: Graph): ReadonlySet<string> {
  const makers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
  );
  const layers = new Set<string>();
  const visited = new Set<GraphNode>();
  const queue = graph.outputs.map(({ value }) => value);
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    const node = makers.get(value);
    if (node === undefined || visited.has(node)) continue;
    visited.add(node);
    if (hasWeights(node.operator)) layers.add(node.layer);
    else for (const input of node.inputs) if (input !== null) queue.push(input);
  }
  return layers;
}

/** Normalisation scales what another layer gives; that layer is the one that feeds the output. */
function hasWeights({ kind }: Operator): boolean {
  return WEIGHTED.has(kind);
}

const WEIGHTED: ReadonlySet<Operator['kind']> = new Set([
  'dense',
  'matMul',
  'convolution',
  'depthwiseConvolution',
  'transposedConvolution',
  'recurrent',
  'opaque',
]);
