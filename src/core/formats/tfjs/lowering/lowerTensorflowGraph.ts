import { FormatError, UnsupportedError } from '../../../errors';
import type { Graph } from '../../../graph/graph';
import type { HostValue } from '../../../graph/lowering/hostValue';
import { graphValue, type LoweredValue } from '../../../graph/lowering/loweredValue';
import { MAX_NODE_VALUES } from '../../../graph/lowering/limits';
import { LoweringAssembler } from '../../../graph/lowering/loweringAssembler';
import type { Layer, TensorEntry } from '../../../model/model';
import type { GraphNode } from '../graphNodes';
import type { GraphEnds } from './graphEnds';
import { ARRAYS } from './arrays';
import { ELEMENTWISE } from './elementwise';
import { MAX_GRAPH_NODES } from './limits';
import { LINEAR } from './linear';
import { type LowerNode, NodeContext } from './nodeContext';
import { REDUCTIONS } from './reductions';
import { SLICES } from './slices';
import { topologicalOrder } from './topologicalOrder';
import { valueTypeOf } from './valueTypes';
import { WINDOWS } from './windows';

const LOWERINGS: ReadonlyMap<string, LowerNode> = new Map(
  [ARRAYS, ELEMENTWISE, LINEAR, REDUCTIONS, SLICES, WINDOWS].flatMap((table) =>
    Object.entries(table),
  ),
);

/** Everything of a graph model that lowering looks at. */
export interface LoweringSource {
  readonly nodes: readonly GraphNode[];
  readonly tensors: readonly TensorEntry[];
  /** Elements of tensors that may say sizes or axes, by name. */
  readonly small: ReadonlyMap<string, HostValue>;
  readonly layers: readonly Layer[];
  readonly ends: GraphEnds;
}

/**
 * The graph of a TensorFlow graph in the closed set of operators, shape arithmetic computed. Nodes that
 * cannot be said in it become opaque ones with the reason.
 * @param inputShapes of the inputs in their order, where they are known better than the file says
 * @throws FormatError for an output that no node makes, or too many nodes.
 */
export function lowerTensorflowGraph(
  source: LoweringSource,
  inputShapes: readonly (readonly number[])[] | null = null,
): Graph {
  return new TensorflowLowering(source).lower(inputShapes);
}

class TensorflowLowering {
  private readonly assembler = new LoweringAssembler('tfjs');
  /** By node: its outputs. */
  private readonly values = new Map<string, readonly LoweredValue[]>();
  /** By tensor: the layer that the model lists it under. */
  private readonly layerOfTensor = new Map<string, string>();

  constructor(private readonly source: LoweringSource) {
    for (const { name, parameters } of source.layers) {
      for (const tensor of parameters) this.layerOfTensor.set(tensor, name);
    }
  }

  lower(inputShapes: readonly (readonly number[])[] | null): Graph {
    const { nodes, tensors, ends } = this.source;
    if (nodes.length > MAX_GRAPH_NODES) {
      throw broken('modelTopology.node', `${nodes.length} nodes`, `at most ${MAX_GRAPH_NODES}`);
    }
    for (const tensor of tensors) this.bindTensor(tensor);
    ends.inputs.forEach((input, i) => {
      const value = this.assembler.graph.claimId(input.name);
      const shape = inputShapes?.[i] ?? input.shape;
      this.assembler.graph.input({ value, name: input.name, shape, type: input.type });
      this.values.set(input.node, [graphValue(value)]);
    });
    for (const node of topologicalOrder(nodes)) this.lowerNode(node);
    return this.assembler.graph.finish(
      ends.outputs.map(({ name, node, output }) => ({ name, value: this.outputOf(node, output) })),
    );
  }

  private bindTensor(tensor: TensorEntry): void {
    const type = valueTypeOf(tensor.dtype);
    if (type === null || tensor.role !== 'parameter') return;
    const host = this.source.small.get(tensor.name) ?? null;
    this.values.set(tensor.name, [{ kind: 'tensor', tensor, type, asCodes: false, host }]);
  }

  private lowerNode(node: GraphNode): void {
    if (this.values.has(node.name) || IGNORED.has(node.op)) return;
    const lower = LOWERINGS.get(node.op);
    const inputs = node.inputs.map((name, i) => this.valueOf(name, node.outputNumbers[i] ?? 0));
    const missing = inputs.indexOf(null);
    try {
      if (lower === undefined) {
        this.lowerOpaque(node, inputs, null);
      } else if (inputs.length > MAX_NODE_VALUES) {
        this.lowerOpaque(
          node,
          inputs,
          `${inputs.length} inputs; at most ${MAX_NODE_VALUES} can be run`,
        );
      } else if (missing >= 0) {
        this.lowerOpaque(node, inputs, `no value of ${node.inputs[missing] ?? ''}`);
      } else {
        const given = inputs.filter((value) => value !== null);
        const context = new NodeContext(this.assembler, node, given, this.layerOf(node, given));
        const made = lower(context);
        this.values.set(node.name, 'kind' in made ? [made] : made);
      }
    } catch (error) {
      if (!(error instanceof UnsupportedError) && !(error instanceof FormatError)) throw error;
      this.lowerOpaque(node, inputs, error.detail.found);
    }
  }

  private valueOf(name: string, output: number): LoweredValue | null {
    return this.values.get(name)?.[output] ?? null;
  }

  private lowerOpaque(
    node: GraphNode,
    inputs: readonly (LoweredValue | null)[],
    reason: string | null,
  ): void {
    const read = inputs.flatMap((value) =>
      value?.kind === 'graph' || value?.kind === 'tensor'
        ? [this.assembler.data(value, node.name)]
        : [],
    );
    const known = inputs.filter((value) => value !== null);
    const outputs = this.assembler.graph.emit(
      reason === null
        ? { kind: 'opaque', name: node.op }
        : { kind: 'opaque', name: node.op, reason },
      read,
      { id: node.name, layer: this.layerOf(node, known), outputCount: UNKNOWN_OUTPUTS },
    );
    this.values.set(
      node.name,
      outputs.flatMap((value) => (value === null ? [] : [graphValue(value)])),
    );
  }

  private outputOf(node: string, output: number): string {
    const value = this.valueOf(node, output);
    if (value === null) {
      throw broken('signature', `the output ${node}:${output}`, 'an output of a node');
    }
    if (value.kind === 'graph' || value.kind === 'tensor') return this.assembler.data(value, node);
    try {
      return this.assembler.data(value, node);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const reason = 'depends on open sizes';
      const source = { id: node, layer: node };
      return this.assembler.graph.emitOne({ kind: 'opaque', name: 'output', reason }, [], source);
    }
  }

  /** The layer whose weight it reads; by itself where it reads none. */
  private layerOf(node: GraphNode, inputs: readonly LoweredValue[]): string {
    for (const value of inputs) {
      const layer = value.kind === 'tensor' ? this.layerOfTensor.get(value.tensor.name) : undefined;
      if (layer !== undefined) return layer;
    }
    return node.name;
  }
}

/** Nodes that give no value of their own: tensors of the manifest are bound by name. */
const IGNORED: ReadonlySet<string> = new Set(['NoOp', 'Const', 'Assert']);

/** How many outputs an unknown node has is not known: there are more so that references hold. */
const UNKNOWN_OUTPUTS = 4;

function broken(place: string, found: string, allowed: string): FormatError {
  return new FormatError({ format: 'tfjs', place, found, allowed });
}
