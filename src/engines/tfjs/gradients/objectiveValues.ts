import type { LossObjective, WeightedOutputs } from '../../../core/graph/executor';
import type { Graph } from '../../../core/graph/graph';

/** An objective and the values of the graph that it is taken of. */
export interface PlacedObjective {
  readonly objective: LossObjective | WeightedOutputs;
  /** Value ids, one an output of the graph. */
  readonly values: readonly string[];
}

/**
 * Where an objective is taken. The cross entropy of probabilities that a softmax made, or of a single one that a
 * sigmoid made, is taken of what that read: so nothing is clipped, and a sample that is surely wrong keeps its
 * gradient. Keras does the same.
 * @param shapeOf the shape of a value of the run
 */
export function placeObjective(
  graph: Graph,
  objective: LossObjective | WeightedOutputs,
  shapeOf: (value: string) => readonly number[],
): PlacedObjective {
  const values = graph.outputs.map(({ value }) => value);
  if (objective.kind !== 'loss' || objective.loss !== 'ce') return { objective, values };
  const at = objective.output ?? 0;
  const output = values[at];
  const logits = output === undefined ? null : logitsBehind(graph, output, shapeOf(output));
  if (logits === null) return { objective, values };
  return { objective: { ...objective, loss: 'ce-logits' }, values: values.with(at, logits) };
}

/** What the activation that makes the output reads; null where it is not of logits. */
function logitsBehind(graph: Graph, output: string, shape: readonly number[]): string | null {
  let value: string | null | undefined = output;
  for (const { operator, outputs, inputs } of graph.nodes.toReversed()) {
    if (outputs[0] !== value) continue;
    value = inputs[0];
    if (operator.kind === 'identity') continue;
    if (operator.kind !== 'activation') return null;
    const { function: activation } = operator;
    const isBinary = shape.at(-1) === 1;
    if (activation.name === 'sigmoid') return isBinary ? (value ?? null) : null;
    if (activation.name !== 'softmax' || isBinary) return null;
    const isOverLast = activation.axis === -1 || activation.axis === shape.length - 1;
    return isOverLast ? (value ?? null) : null;
  }
  return null;
}
