import type { Graph } from './graph';

/** Names of the operators outside the set, each once, in the graph's order: empty means it can be run. */
export function opaqueOperators(graph: Graph): readonly string[] {
  const names = new Set<string>();
  for (const { operator } of graph.nodes) if (operator.kind === 'opaque') names.add(operator.name);
  return [...names];
}
