import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from '../../../core/errors';
import type { LossObjective, WeightedOutputs } from '../../../core/graph/executor';
import { engineGradients } from './engineGradients';
import { sampleLosses } from './losses';

/** The value of an objective, and its gradient with respect to each output; null: it does not count. */
export interface ObjectiveGradient {
  /** A scalar. */
  readonly value: tf.Tensor;
  readonly gradients: readonly (tf.Tensor | null)[];
}

/**
 * Values and gradients at the outputs of one run. The caller frees them.
 * @throws UsageError for targets or weights that do not fit the outputs, or an output that is not float.
 */
export function objectiveGradient(
  objective: LossObjective | WeightedOutputs,
  outputs: readonly tf.Tensor[],
): ObjectiveGradient {
  return objective.kind === 'loss'
    ? lossGradient(objective, outputs)
    : weightedGradient(objective, outputs);
}

function lossGradient(objective: LossObjective, outputs: readonly tf.Tensor[]): ObjectiveGradient {
  const at = objective.output ?? 0;
  const output = outputs[at];
  if (output === undefined) {
    throw new UsageError(`objective: there is no output ${at}; the model has ${outputs.length}`);
  }
  assertFloat(output, at);
  const losses = (): tf.Tensor => sampleLosses(objective, output);
  const { value, gradients } = engineGradients(
    () => (objective.reduction === 'sum' ? tf.sum(losses()) : tf.mean(losses())),
    [output],
  );
  return { value, gradients: outputs.map((_, i) => (i === at ? (gradients[0] ?? null) : null)) };
}

function weightedGradient(
  { weights }: WeightedOutputs,
  outputs: readonly tf.Tensor[],
): ObjectiveGradient {
  const gradients = outputs.map((output, i) => {
    const given = weights[i] ?? null;
    if (given === null) return null;
    assertFloat(output, i);
    if (given.length !== output.size) {
      throw new UsageError(
        `objective: found ${given.length} weights of output ${i}, which has ${output.size} values`,
      );
    }
    return tf.tensor(given, output.shape);
  });
  const value = tf.tidy(() => {
    const terms = gradients.flatMap((weight, i) => {
      const output = outputs[i];
      return weight === null || output === undefined ? [] : [tf.sum(tf.mul(weight, output))];
    });
    return terms.reduce<tf.Tensor>((sum, term) => tf.add(sum, term), tf.scalar(0));
  });
  return { value, gradients };
}

function assertFloat(output: tf.Tensor, index: number): void {
  if (output.dtype === 'float32') return;
  throw new UsageError(
    `objective: output ${index} holds ${output.dtype}; only float32 can be differentiated`,
  );
}
