import { namesRead } from '../graphChecks';
import type { OnnxGraph, OnnxNode } from '../messages';

/**
 * The nodes of a graph, each after those that it reads: the file's order where that is one already,
 * as the format wants it. Graphs with cycles have been refused before.
 */
export function topologicalOrder({ nodes }: OnnxGraph): readonly OnnxNode[] {
  const makers = new Map<string, OnnxNode>();
  for (const node of nodes) for (const output of node.outputs) makers.set(output, node);
  const done = new Set<OnnxNode>();
  const order: OnnxNode[] = [];
  for (const start of nodes) {
    const stack = [start];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const waitsFor = done.has(node) ? [] : missing(node, makers, done);
      if (waitsFor.length > 0) {
        for (const maker of waitsFor) stack.push(maker);
        continue;
      }
      stack.pop();
      if (done.has(node)) continue;
      done.add(node);
      order.push(node);
    }
  }
  return order;
}

/** Makers of what a node reads that have not come yet. */
function missing(
  node: OnnxNode,
  makers: ReadonlyMap<string, OnnxNode>,
  done: ReadonlySet<OnnxNode>,
): readonly OnnxNode[] {
  const found: OnnxNode[] = [];
  for (const name of namesRead(node)) {
    const maker = name === '' ? undefined : makers.get(name);
    if (maker !== undefined && maker !== node && !done.has(maker)) found.push(maker);
  }
  return found;
}
