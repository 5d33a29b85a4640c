import type { LossObjective, WeightedOutputs } from '../../../core/graph/executor';
import type { Graph } from '../../../core/graph/graph';
import type { ActivationFunction } from '../../../core/graph/operators/activation';

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
  const final = finalActivationOf(graph, objective);
  if (objective.kind !== 'loss' || final === null) return { objective, values };
  if (!makesProbabilities(final.activation, shapeOf(final.input))) return { objective, values };
  const at = objective.output ?? 0;
  return { objective: { ...objective, loss: 'ce-logits' }, values: values.with(at, final.input) };
}

/** A value that {@link placeObjective} may choose instead of an output, so that it must be kept. */
export function logitsCandidate(
  graph: Graph,
  objective: LossObjective | WeightedOutputs,
): string | null {
  return finalActivationOf(graph, objective)?.input ?? null;
}

interface FinalActivation {
  readonly activation: ActivationFunction;
  /** The value that it reads. */
  readonly input: string;
}

/** The activation that makes the output of a cross entropy of probabilities. */
function finalActivationOf(
  graph: Graph,
  objective: LossObjective | WeightedOutputs,
): FinalActivation | null {
  if (objective.kind !== 'loss' || objective.loss !== 'ce') return null;
  let value: string | null | undefined = graph.outputs[objective.output ?? 0]?.value;
  for (const { operator, outputs, inputs } of graph.nodes.toReversed()) {
    if (value === null || value === undefined || outputs[0] !== value) continue;
    value = inputs[0];
    if (operator.kind === 'identity') continue;
    if (operator.kind !== 'activation' || value === null || value === undefined) return null;
    return { activation: operator.function, input: value };
  }
  return null;
}

function makesProbabilities(activation: ActivationFunction, shape: readonly number[]): boolean {
  const isSingle = shape.at(-1) === 1;
  if (activation.name === 'sigmoid') return isSingle;
  if (activation.name !== 'softmax' || isSingle) return false;
  return activation.axis === -1 || activation.axis === shape.length - 1;
}
