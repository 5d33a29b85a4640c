import { FormatError } from '../errors';
import type { TensorEntry } from '../model/model';
import type { Graph } from './graph';
import { inferOutputs } from './shapes/inferOutputs';
import type { ValueFacts } from './shapes/valueFacts';

/** Shapes and types by value; -1 where a dimension is open. Values after an opaque operator are absent. */
export type ValueShapes = ReadonlyMap<string, ValueFacts>;

/**
 * What is known of every value of a graph, which also checks that nodes and tensors fit together.
 * @param inputShapes of the graph's inputs, where they are known better than the graph says
 * @throws FormatError naming the node, what was found and what it needs.
 */
export function inferShapes(
  graph: Graph,
  tensors: readonly TensorEntry[],
  inputShapes: readonly (readonly number[])[] = graph.inputs.map(({ shape }) => shape),
): ValueShapes {
  const facts = knownBeforehand(graph, tensors);
  graph.inputs.forEach(({ value, shape, type }, i) =>
    facts.set(value, { shape: inputShapes[i] ?? shape, type }),
  );
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((value) => (value === null ? null : facts.get(value)));
    if (inputs.includes(undefined)) continue;
    const made = inferOutputs(node.operator, inputs as (ValueFacts | null)[], (found, allowed) =>
      misfit(`layer ${node.layer}`, found, allowed),
    );
    made?.forEach((output, i) => {
      const value = node.outputs[i];
      if (value !== null && value !== undefined) facts.set(value, output);
    });
  }
  return facts;
}

/** Parameters and constants. */
function knownBeforehand(graph: Graph, tensors: readonly TensorEntry[]): Map<string, ValueFacts> {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const facts = new Map<string, ValueFacts>();
  for (const { value, tensor, type } of graph.parameters) {
    const shape = shapes.get(tensor);
    if (shape === undefined) throw misfit('graph', `no tensor ${tensor}`, 'a tensor of the file');
    facts.set(value, { shape, type });
  }
  for (const { value, shape, type } of graph.constants) facts.set(value, { shape, type });
  return facts;
}

function misfit(place: string, found: string, allowed: string): FormatError {
  return new FormatError({ format: 'graph', place, found, allowed });
}
