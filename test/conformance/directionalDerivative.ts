import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../src/core/random';
import type { ReferenceArray } from '../../src/engines/reference/referenceArray';
import { runReference } from '../../src/engines/reference/runReference';
import { runNode } from '../../src/engines/tfjs/runNode';
import type { ConformanceCase } from './conformanceCase';
import { upload } from './measureConformance';

/** Small against the distance of drawn values from each other, large against the rounding of float64. */
const STEP = 1e-5;

/**
 * For each float input the relative difference between <gradient, d>, the gradient from the engine's tape, and
 * the central difference along d of the definition in float64; d and the weights of the outputs are random.
 */
export function directionalDifferences(
  testCase: ConformanceCase,
  outputs: readonly ReferenceArray[],
  seed: number,
): readonly number[] {
  if (testCase.hasNoDerivative === true) return [];
  const random = signedNumbers(seed);
  const weights = outputs.map(({ type, values }) =>
    type === 'float32' ? values.map((value) => (Number.isFinite(value) ? random() : 0)) : null,
  );
  if (weights.every((own) => own === null)) return [];
  const floats = testCase.inputs.flatMap((input, i) => (input?.type === 'float32' ? [i] : []));
  if (floats.length === 0) return [];
  const gradients = tapeGradients(testCase, floats, weights);
  return floats.map((index, i) => {
    const direction = (testCase.inputs[index]?.values ?? new Float64Array()).map(random);
    const gradient = gradients[i] ?? new Float32Array();
    const terms = direction.map((d, k) => d * (gradient[k] ?? NaN));
    const found = terms.reduce((a, b) => a + b, 0);
    const expected = centralDifference(testCase, index, direction, weights);
    if (found === expected) return 0;
    // Where terms cancel each other, float32 cannot hold what is left of them.
    const size = terms.reduce((a, b) => a + Math.abs(b), 0);
    return Math.abs(found - expected) / Math.max(Math.abs(expected), size / 100);
  });
}

function signedNumbers(seed: number): () => number {
  const random = createRandom(seed);
  return () => (random.bits() / 2 ** 31 - 1) * 2;
}

type Weights = readonly (Float64Array | null)[];

function tapeGradients(
  { operator, inputs }: ConformanceCase,
  floats: readonly number[],
  weights: Weights,
): readonly ArrayLike<number>[] {
  return tf.tidy(() => {
    const tensors = inputs.map((input) => (input === null ? null : upload(input)));
    const differentiated = floats
      .map((i) => tensors[i])
      .filter((x) => x !== undefined && x !== null);
    const objective = (...given: tf.Tensor[]): tf.Tensor => {
      const bound = tensors.map((tensor, i) => given[floats.indexOf(i)] ?? tensor);
      const node = { id: 'y', layer: 'y', operator, inputs: [], outputs: [] };
      const outputs = runNode(node, bound);
      const parts = outputs.flatMap((output, i) => {
        const own = weights[i];
        if (own === null || own === undefined) return [];
        return [tf.sum(tf.mul(output, tf.tensor(Float32Array.from(own), output.shape)))];
      });
      // An output may not depend on an input at all; then the gradient is asked for all the same.
      const nothing = given.map((x) => tf.sum(tf.mul(x, 0)));
      return tf.addN([...parts, ...nothing]);
    };
    return tf
      .grads(objective)(differentiated)
      .map((gradient) => gradient.dataSync());
  });
}

function centralDifference(
  testCase: ConformanceCase,
  index: number,
  direction: Float64Array,
  weights: Weights,
): number {
  const moved = (step: number): number => {
    const inputs = testCase.inputs.map((input, i) => {
      if (i !== index || input === null) return input;
      return {
        ...input,
        values: input.values.map((value, k) => value + step * (direction[k] ?? 0)),
      };
    });
    return weighted(runReference(testCase.operator, inputs), weights);
  };
  return (moved(STEP) - moved(-STEP)) / (2 * STEP);
}

function weighted(outputs: readonly ReferenceArray[], weights: Weights): number {
  let total = 0;
  outputs.forEach(({ values }, i) => {
    weights[i]?.forEach((weight, k) => {
      if (weight !== 0) total += weight * (values[k] ?? 0);
    });
  });
  return total;
}
