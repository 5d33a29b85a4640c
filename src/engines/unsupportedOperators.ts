import { UnsupportedError } from '../core/errors';
import type { Graph } from '../core/graph/graph';

/** Nodes named in one message; there may be thousands. */
const MAX_NAMED_NODES = 4;

/**
 * The error for a graph with operators outside the set, naming each operator, a node and why.
 * @param besides what else could have run it
 */
export function unsupportedOperators(graph: Graph, besides = ''): UnsupportedError {
  const found = new Map<string, string>();
  for (const { id, operator } of graph.nodes) {
    if (operator.kind !== 'opaque') continue;
    const { name, reason } = operator;
    const text = `operator ${name} (node ${id}${reason === undefined ? '' : `: ${reason}`})`;
    if (!found.has(name)) found.set(name, text);
  }
  const named = [...found.values()];
  const rest = named.length - MAX_NAMED_NODES;
  return new UnsupportedError({
    feature: 'running the model',
    found: `${named.slice(0, MAX_NAMED_NODES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    supported: `the operators listed in docs/operators.md${besides}`,
  });
}
