import type { Graph, GraphNode } from '../../../core/graph/graph';

/** Which nodes lie between what is differentiated by and what is differentiated. */
export interface DifferentiablePath {
  /** Values that depend on a wanted one, and the wanted ones. */
  readonly reached: ReadonlySet<string>;
  /** Indices of the nodes on the way, in the graph's order. */
  readonly nodes: readonly number[];
  /** Values that the way back reads. */
  readonly kept: ReadonlySet<string>;
}

/**
 * @param wanted ids of values that gradients are asked with respect to
 * @param objectives ids of the values that the objective is made of
 */
export function differentiablePath(
  graph: Graph,
  wanted: readonly string[],
  objectives: readonly string[],
): DifferentiablePath {
  const reached = new Set(wanted);
  for (const node of graph.nodes) {
    if (!node.inputs.some((value) => value !== null && reached.has(value))) continue;
    for (const value of node.outputs) if (value !== null) reached.add(value);
  }
  const needed = new Set(objectives);
  const nodes: number[] = [];
  const kept = new Set(wanted);
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    const node = graph.nodes[index];
    if (node === undefined || !isOnPath(node, reached, needed)) continue;
    nodes.push(index);
    for (const value of node.inputs) {
      if (value === null) continue;
      needed.add(value);
      kept.add(value);
    }
  }
  return { reached, nodes: nodes.reverse(), kept };
}

function isOnPath(
  { inputs, outputs }: GraphNode,
  reached: ReadonlySet<string>,
  needed: ReadonlySet<string>,
): boolean {
  const leads = outputs.some((value) => value !== null && needed.has(value));
  return leads && inputs.some((value) => value !== null && reached.has(value));
}
