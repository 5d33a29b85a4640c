import type { Graph, GraphNode } from '../../core/graph/graph';
import type { Operator } from '../../core/graph/operators/operator';
import { type AxisOrder, inverseOrder, sameOrder } from './axisOrder';

/** By value id of a parameter: the order of axes in which the executor holds it; absent: the file's. */
export type EngineLayouts = ReadonlyMap<string, AxisOrder>;

/** The input of an operator that may be held in another order of axes, and the operator that reads it so. */
interface LayoutWish {
  readonly kernel: string;
  readonly permutation: AxisOrder;
  readonly operator: Operator;
}

/**
 * Kernels that the engine wants in another order of axes than the file has them, so that they are
 * permuted once and not in each run.
 * @param ranks of the parameters, by value id
 */
export function chooseEngineLayouts(
  graph: Graph,
  ranks: ReadonlyMap<string, number>,
): EngineLayouts {
  const layouts = new Map<string, AxisOrder>();
  for (const node of graph.nodes) {
    const wish = wishOf(node, ranks);
    if (wish !== null && !layouts.has(wish.kernel)) layouts.set(wish.kernel, wish.permutation);
  }
  return layouts;
}

/**
 * The graph for parameters in these layouts: operators that want a layout read it directly, others
 * through a transposition back to the file's.
 */
export function inEngineLayouts(
  graph: Graph,
  layouts: EngineLayouts,
  ranks: ReadonlyMap<string, number>,
): Graph {
  if (layouts.size === 0) return graph;
  const restored = new Map<string, GraphNode>();
  const inFileLayout = (value: string): string => {
    const permutation = layouts.get(value);
    if (permutation === undefined) return value;
    const node = restored.get(value) ?? restoringNode(value, permutation);
    restored.set(value, node);
    return node.id;
  };
  const nodes = graph.nodes.map((node): GraphNode => {
    const wish = wishOf(node, ranks);
    const direct = wish !== null && sameOrder(layouts.get(wish.kernel) ?? null, wish.permutation);
    const inputs = node.inputs.map((value) =>
      value === null || (direct && value === wish.kernel) ? value : inFileLayout(value),
    );
    return { ...node, inputs, operator: direct ? wish.operator : node.operator };
  });
  const outputs = graph.outputs.map((output) => ({ ...output, value: inFileLayout(output.value) }));
  return { ...graph, outputs, nodes: [...restored.values(), ...nodes] };
}

function restoringNode(value: string, permutation: AxisOrder): GraphNode {
  const id = `${value}#file`;
  return {
    id,
    layer: value,
    operator: { kind: 'transpose', permutation: inverseOrder(permutation) },
    inputs: [value],
    outputs: [id],
  };
}

/** Null where the operator takes what the file has, or reads the kernel twice. */
function wishOf(
  { operator, inputs }: GraphNode,
  ranks: ReadonlyMap<string, number>,
): LayoutWish | null {
  const [, kernel] = inputs;
  const rank = ranks.get(kernel ?? '');
  if (kernel === undefined || kernel === null || rank === undefined) return null;
  if (inputs.filter((value) => value === kernel).length > 1) return null;
  const spatialFirst = [...Array(rank).keys()].slice(2).concat(1, 0);
  if (operator.kind === 'dense' && operator.kernelLayout === 'out-in' && rank === 2) {
    return { kernel, permutation: [1, 0], operator: { ...operator, kernelLayout: 'in-out' } };
  }
  if (operator.kind === 'convolution' && operator.kernelLayout === 'out-in-spatial') {
    const asKeras = { ...operator, kernelLayout: 'spatial-in-out' } as const;
    return { kernel, permutation: spatialFirst, operator: asKeras };
  }
  if (
    operator.kind === 'transposedConvolution' &&
    operator.kernelLayout === 'in-out-spatial' &&
    operator.groups === 1
  ) {
    const asKeras = { ...operator, kernelLayout: 'spatial-out-in' } as const;
    return { kernel, permutation: spatialFirst, operator: asKeras };
  }
  return null;
}
