import { inferLayers } from '../../graph/inferLayers';
import { lockReasonOfWeight } from '../../graph/lockReason';
import { isPositionalName } from '../../graph/tensorNames';
import type { Layer, LayerOperator, TensorEntry } from '../../model/model';
import { addsBias, type GraphNode, isTrue } from './graphNodes';

/** Operations that multiply by a weight: what they are, and which of the things they read is the weight. */
interface WeightedOperation {
  readonly operator: LayerOperator;
  readonly weightInput: number;
  /** The axis of the weight that counts the output units; null where no one does. */
  readonly unitAxis: (shape: readonly number[], node: GraphNode) => number | null;
}

const last = (shape: readonly number[]): number => shape.length - 1;

const matrixProduct: WeightedOperation = {
  operator: 'dense',
  weightInput: 1,
  unitAxis: (shape, node) =>
    isTrue(node, 'transpose_b') || isTrue(node, 'adj_y') ? shape.length - 2 : last(shape),
};

const convolution = (operator: LayerOperator): WeightedOperation => ({
  operator,
  weightInput: 1,
  unitAxis: last,
});

/** Kernels are [height, width, channels, multiplier]: with a multiplier of 1 the channels are the units. */
const depthwise: WeightedOperation = {
  operator: 'depthwiseConv2d',
  weightInput: 1,
  unitAxis: (shape) => (shape[3] === 1 ? 2 : null),
};

/** Kernels are [height, width, out, in]. */
const transposed: WeightedOperation = {
  operator: 'convTranspose',
  weightInput: 1,
  unitAxis: (shape) => shape.length - 2,
};

const lookup: WeightedOperation = { operator: 'embedding', weightInput: 0, unitAxis: last };

/** Source: the operations that tfjs-converter 4.22 maps, tfjs-converter/src/operations/op_list. */
const WEIGHTED: ReadonlyMap<string, WeightedOperation> = new Map([
  ['MatMul', matrixProduct],
  ['_FusedMatMul', matrixProduct],
  ['BatchMatMul', matrixProduct],
  ['BatchMatMulV2', matrixProduct],
  ['Conv1D', convolution('conv1d')],
  ['Conv2D', convolution('conv2d')],
  ['_FusedConv2D', convolution('conv2d')],
  ['Conv3D', convolution('conv3d')],
  ['DepthwiseConv2d', depthwise],
  ['DepthwiseConv2dNative', depthwise],
  ['FusedDepthwiseConv2dNative', depthwise],
  ['Conv2DBackpropInput', transposed],
  ['Gather', lookup],
  ['GatherV2', lookup],
  ['ResourceGather', lookup],
]);

const NORMALIZATIONS = /^FusedBatchNorm(V[23])?$/;

/** What hands a value on unchanged, or only in another shape. */
const PASSES_ON = new Set(['Identity', 'ReadVariableOp', 'Cast', 'Enter', 'StopGradient']);
const RESHAPES = new Set(['Reshape', 'Squeeze', 'ExpandDims']);
const ADDITIONS = new Set(['BiasAdd', 'Add', 'AddV2']);

/** Longer chains between a weight and its use are not followed. */
const MAX_CHAIN = 32;

/**
 * The layers of a graph model, in the graph's order: weights by the operations that read them, with
 * the bias that is added to the result. Weights of other operations are guessed from names and shapes;
 * constants that are no weights (shapes, axes) are in no layer.
 */
export function graphLayers(
  nodes: readonly GraphNode[],
  tensors: readonly TensorEntry[],
): readonly Layer[] {
  return new LayerFinder(nodes, tensors).find();
}

class LayerFinder {
  private readonly nodes: ReadonlyMap<string, GraphNode>;
  private readonly weights: ReadonlyMap<string, TensorEntry>;
  /** Who reads a node's value. */
  private readonly readers = new Map<string, GraphNode[]>();
  private readonly claimed = new Set<TensorEntry>();
  private readonly names = new Set<string>();

  constructor(
    private readonly inOrder: readonly GraphNode[],
    private readonly tensors: readonly TensorEntry[],
  ) {
    this.nodes = new Map(inOrder.map((node) => [node.name, node]));
    this.weights = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    for (const node of inOrder) {
      for (const input of node.inputs) {
        const readers = this.readers.get(input) ?? [];
        readers.push(node);
        this.readers.set(input, readers);
      }
    }
  }

  find(): readonly Layer[] {
    const layers = this.inOrder.flatMap((node) => this.layerOf(node) ?? []);
    const rest = this.tensors.filter(
      (tensor) => !this.claimed.has(tensor) && (isFloat(tensor) || tensor.shape.length > 1),
    );
    return [...layers, ...inferLayers(rest)];
  }

  private layerOf(node: GraphNode): Layer | null {
    if (NORMALIZATIONS.test(node.op)) return this.normalization(node);
    const operation = WEIGHTED.get(node.op);
    const weight = operation === undefined ? null : this.weightAt(node, operation.weightInput);
    if (operation === undefined || weight === null || this.claimed.has(weight)) return null;
    if (!isFloat(weight) && weight.shape.length < 2) return null;
    const unitAxis = weight.shape.length < 2 ? null : operation.unitAxis(weight.shape, node);
    const unitCount = unitAxis === null ? null : (weight.shape[unitAxis] ?? null);
    const bias = this.biasOf(node, unitCount);
    this.claimed.add(weight);
    if (bias !== null) this.claimed.add(bias);
    const positional = operation.operator === 'embedding' && isPositionalName(weight.name);
    const lockedBy = positional ? 'positional' : lockReasonOfWeight(weight);
    return {
      name: this.nameOf(node, weight),
      operator: operation.operator,
      operatorLabel: node.op.replace(/^_?Fused/, ''),
      parameters: [weight.name, ...(bias === null ? [] : [bias.name])],
      weight: weight.name,
      ...(bias === null ? {} : { bias: bias.name }),
      unitAxis,
      unitCount,
      prunable: lockedBy === null,
      lockedBy,
    };
  }

  private normalization(node: GraphNode): Layer | null {
    const parameters = [1, 2, 3, 4].flatMap((i) => this.weightAt(node, i) ?? []);
    const own = parameters.filter((tensor) => !this.claimed.has(tensor));
    const [first] = own;
    if (first === undefined) return null;
    for (const tensor of own) this.claimed.add(tensor);
    return {
      name: this.nameOf(node, first),
      operator: 'normalization',
      operatorLabel: node.op,
      parameters: own.map(({ name }) => name),
      unitAxis: null,
      unitCount: null,
      prunable: false,
      lockedBy: 'normalization',
    };
  }

  private weightAt(node: GraphNode, input: number): TensorEntry | null {
    return this.sourceOf(node.inputs[input], PASSES_ON);
  }

  /** The weight that a value is, through nodes that hand it on. */
  private sourceOf(name: string | undefined, through: ReadonlySet<string>): TensorEntry | null {
    let at = name;
    for (let step = 0; at !== undefined && step < MAX_CHAIN; step++) {
      const weight = this.weights.get(at);
      if (weight !== undefined) return weight;
      const node = this.nodes.get(at);
      if (node === undefined || !through.has(node.op)) return null;
      at = node.inputs[0];
    }
    return null;
  }

  /** What is added to the result and has one value a unit. */
  private biasOf(node: GraphNode, unitCount: number | null): TensorEntry | null {
    const candidates = addsBias(node) ? [node.inputs[2]] : this.addedTo(node.name);
    const through = new Set([...PASSES_ON, ...RESHAPES]);
    for (const candidate of candidates) {
      const bias = this.sourceOf(candidate, through);
      const fits = bias?.shape.length === 1 && bias.shape[0] === unitCount;
      if (bias !== null && fits && !this.claimed.has(bias)) return bias;
    }
    return null;
  }

  /** What is added to a value, where nothing else is done with it. */
  private addedTo(name: string): readonly (string | undefined)[] {
    const [reader, ...others] = this.readers.get(name) ?? [];
    if (reader === undefined || others.length > 0) return [];
    if (PASSES_ON.has(reader.op)) return [];
    return ADDITIONS.has(reader.op) ? reader.inputs.filter((input) => input !== name) : [];
  }

  /** The scope of the operation, as Keras names layers; where that is taken, the operation or the weight. */
  private nameOf(node: GraphNode, weight: TensorEntry): string {
    const scope = node.name.slice(0, Math.max(0, node.name.lastIndexOf('/')));
    const name = [scope, node.name, weight.name].find((one) => one !== '' && !this.names.has(one));
    this.names.add(name ?? weight.name);
    return name ?? weight.name;
  }
}

function isFloat({ dtype }: TensorEntry): boolean {
  return dtype.startsWith('float') || dtype === 'bfloat16';
}
