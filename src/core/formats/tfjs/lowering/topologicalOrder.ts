import type { GraphNode } from '../graphNodes';

/**
 * The nodes in an order in which each comes after what it reads; those of a cycle, which only loops of
 * TensorFlow 1 have, and what reads them, last as the file lists them. Linear in nodes and edges.
 */
export function topologicalOrder(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const names = new Set(nodes.map(({ name }) => name));
  const waiting = new Map<GraphNode, number>();
  const readers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const read = new Set(node.inputs.filter((input) => names.has(input)));
    waiting.set(node, read.size);
    for (const input of read) {
      const known = readers.get(input);
      if (known === undefined) readers.set(input, [node]);
      else known.push(node);
    }
  }
  const order = nodes.filter((node) => waiting.get(node) === 0);
  const done = new Set<string>();
  // Grows while it is walked.
  for (let next = 0; next < order.length; next++) {
    const node = order[next];
    // Of two nodes of one name the readers are freed once.
    if (node === undefined || done.has(node.name)) continue;
    done.add(node.name);
    for (const reader of readers.get(node.name) ?? []) {
      const left = (waiting.get(reader) ?? 0) - 1;
      waiting.set(reader, left);
      if (left === 0) order.push(reader);
    }
  }
  const ordered = new Set(order);
  return [...order, ...nodes.filter((node) => !ordered.has(node))];
}
