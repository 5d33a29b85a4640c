import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from '../../../core/errors';
import { SMALLEST_PROBABILITY } from '../../../core/evaluation/sampleMetrics';
import type { LossObjective, ObjectiveTargets } from '../../../core/graph/executor';

/** The loss of each sample that counts, [samples], of an output [samples, …]. On the tape. */
export function sampleLosses(objective: LossObjective, output: tf.Tensor): tf.Tensor1D {
  const losses = allLosses(objective, output);
  const { countedSamples = losses.size } = objective;
  return countedSamples === losses.size ? losses : tf.slice(losses, [0], [countedSamples]);
}

function allLosses({ loss, targets }: LossObjective, output: tf.Tensor): tf.Tensor1D {
  const { shape }: { readonly shape: readonly number[] } = output;
  const [samples = 1] = shape;
  const size = loss === 'mse' ? output.size / samples : (shape.at(-1) ?? 1);
  const rows: tf.Tensor2D = tf.reshape(output, [output.size / size, size]);
  const losses = rowLosses(loss, rows, sharesOf(targets, rows));
  const positions = rows.shape[0] / samples;
  return positions === 1 ? losses : tf.mean(tf.reshape(losses, [samples, positions]), 1);
}

/** One loss a row of outputs, against as many shares, or numbers. */
function rowLosses(loss: LossObjective['loss'], rows: tf.Tensor2D, shares: tf.Tensor): tf.Tensor1D {
  switch (loss) {
    case 'mse':
      return tf.mean(tf.squaredDifference(rows, shares), 1);
    case 'ce-logits':
      return rows.shape[1] === 1 ? binaryOfLogit(rows, shares) : ofLogits(rows, shares);
    case 'ce':
      return rows.shape[1] === 1
        ? binaryOfProbability(rows, shares)
        : ofProbabilities(rows, shares);
  }
}

function ofLogits(rows: tf.Tensor2D, shares: tf.Tensor): tf.Tensor1D {
  return tf.neg(tf.sum(tf.mul(shares, tf.logSoftmax(rows)), 1));
}

function ofProbabilities(rows: tf.Tensor2D, shares: tf.Tensor): tf.Tensor1D {
  return tf.neg(tf.sum(tf.mul(shares, logarithm(rows)), 1));
}

function binaryOfProbability(rows: tf.Tensor2D, shares: tf.Tensor): tf.Tensor1D {
  const ofOne = tf.mul(shares, logarithm(rows));
  const ofZero = tf.mul(tf.sub(1, shares), logarithm(tf.sub(1, rows)));
  return tf.neg(tf.sum(tf.add(ofOne, ofZero), 1));
}

/** t softplus(-z) + (1 - t) softplus(z). */
function binaryOfLogit(rows: tf.Tensor2D, shares: tf.Tensor): tf.Tensor1D {
  const ofOne = tf.mul(shares, tf.softplus(tf.neg(rows)));
  const ofZero = tf.mul(tf.sub(1, shares), tf.softplus(rows));
  return tf.sum(tf.add(ofOne, ofZero), 1);
}

function logarithm(probabilities: tf.Tensor): tf.Tensor {
  return tf.log(tf.clipByValue(probabilities, SMALLEST_PROBABILITY, 1));
}

/** What is expected of each row: one-hot classes, or the numbers given. */
function sharesOf(targets: ObjectiveTargets, rows: tf.Tensor2D): tf.Tensor2D {
  const [count, size] = rows.shape;
  if (targets.kind === 'values') {
    assertCount('values', targets.values.length, count * size);
    return tf.tensor2d(targets.values, [count, size]);
  }
  const { classes } = targets;
  assertCount('classes', classes.length, count);
  if (size === 1) return tf.tensor2d(Float32Array.from(classes), [count, 1]);
  const shares = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    const label = classes[row] ?? NaN;
    if (!Number.isInteger(label) || label < 0 || label >= size) {
      throw new UsageError(
        `targets: found class ${label}; the output has classes 0 to ${size - 1}`,
      );
    }
    shares[row * size + label] = 1;
  }
  return tf.tensor2d(shares, [count, size]);
}

function assertCount(what: string, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new UsageError(`targets: found ${found} ${what}; the output has room for ${wanted}`);
}
