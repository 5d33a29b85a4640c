import type { TensorEntry } from '../model/model';
import type { Graph, GraphNode } from './graph';

/**
 * Which tensor of the file the values of a graph that depend on no input come from: itself, transposed, cast,
 * or made real numbers from codes; of several tensors the largest. Values that inputs flow into are absent,
 * and so are those made of constants alone.
 */
export function weightSources(
  graph: Graph,
  tensors: readonly TensorEntry[],
): ReadonlyMap<string, TensorEntry> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const sources = new Map<string, TensorEntry>();
  for (const { value, tensor } of graph.parameters) {
    const entry = byName.get(tensor);
    if (entry !== undefined) sources.set(value, entry);
  }
  const settled = new Set([...sources.keys(), ...graph.constants.map(({ value }) => value)]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.filter((value) => value !== null);
    if (inputs.length === 0 || !inputs.every((value) => settled.has(value))) continue;
    const largest = largestOf(inputs.flatMap((value) => sources.get(value) ?? []));
    for (const value of outputsOf(node)) {
      settled.add(value);
      if (largest !== null) sources.set(value, largest);
    }
  }
  return sources;
}

function outputsOf(node: GraphNode): readonly string[] {
  return node.outputs.filter((value) => value !== null);
}

function largestOf(tensors: readonly TensorEntry[]): TensorEntry | null {
  return tensors.reduce<TensorEntry | null>(
    (largest, tensor) =>
      largest === null || tensor.elementCount > largest.elementCount ? tensor : largest,
    null,
  );
}
