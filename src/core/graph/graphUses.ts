import type { Graph, GraphNode } from './graph';

/** A place where a node reads a value. */
export interface ValueUse {
  readonly node: GraphNode;
  /** Index into the node's inputs. */
  readonly input: number;
}

/** Who reads what in a graph, and which of its values no data goes into. */
export interface GraphUses {
  /** By value id, in the order of the nodes. */
  readonly readers: ReadonlyMap<string, readonly ValueUse[]>;
  /** By value id: the node that makes it. */
  readonly makers: ReadonlyMap<string, GraphNode>;
  /** Values made of parameters and constants alone. */
  readonly fixed: ReadonlySet<string>;
  /** Values that the graph returns. */
  readonly returned: ReadonlySet<string>;
  /** By the name of a tensor of the file: the values that hold it. */
  readonly valuesOf: ReadonlyMap<string, readonly string[]>;
  /** Each node's place. */
  readonly order: ReadonlyMap<GraphNode, number>;
}

/** Nodes as they stand in the graph. */
export function inOrder(nodes: Iterable<GraphNode>, { order }: GraphUses): readonly GraphNode[] {
  return [...nodes].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}

/** One pass over the nodes. */
export function graphUses(graph: Graph): GraphUses {
  const readers = new Map<string, ValueUse[]>();
  const makers = new Map<string, GraphNode>();
  const fixed = new Set([...graph.parameters, ...graph.constants].map(({ value }) => value));
  for (const node of graph.nodes) {
    node.inputs.forEach((value, input) => {
      if (value === null) return;
      const known = readers.get(value);
      if (known === undefined) readers.set(value, [{ node, input }]);
      else known.push({ node, input });
    });
    for (const value of node.outputs) if (value !== null) makers.set(value, node);
    if (!node.inputs.every((value) => value === null || fixed.has(value))) continue;
    for (const value of node.outputs) if (value !== null) fixed.add(value);
  }
  const returned = new Set(graph.outputs.map(({ value }) => value));
  const order = new Map(graph.nodes.map((node, i) => [node, i]));
  const valuesOf = new Map<string, string[]>();
  for (const { tensor, value } of graph.parameters) {
    const known = valuesOf.get(tensor);
    if (known === undefined) valuesOf.set(tensor, [value]);
    else known.push(value);
  }
  return { readers, makers, fixed, returned, valuesOf, order };
}

/**
 * Where a tensor of the file meets data: behind what is made of it and of other tensors alone, such as a cast,
 * a transposition, or codes becoming numbers. In the order of the nodes, each place once.
 */
export function tensorUses(
  { readers, fixed, valuesOf, order }: GraphUses,
  tensor: string,
): readonly ValueUse[] {
  const found = new Set<ValueUse>();
  const values = [...(valuesOf.get(tensor) ?? [])];
  const seen = new Set(values);
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    for (const use of readers.get(value) ?? []) {
      const made = use.node.outputs.filter((output) => output !== null);
      if (!made.some((output) => fixed.has(output))) found.add(use);
      else values.push(...made.filter((output) => !seen.has(output)));
      for (const output of made) seen.add(output);
    }
  }
  return [...found].sort((a, b) => (order.get(a.node) ?? 0) - (order.get(b.node) ?? 0));
}
