import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../core/errors';
import { failureText } from './failureText';
import { loadTfjsNode } from './loadTfjsNode';

/**
 * The smoke test: loads the native engine, multiplies two matrices and differentiates.
 * @returns the engine in words.
 * @throws UnsupportedError with the reason where it cannot be loaded or computes something else.
 */
export async function checkTfjsNode({
  folder,
}: {
  readonly folder: string;
}): Promise<{ readonly engine: string }> {
  let engine: string;
  try {
    engine = await loadTfjsNode(folder);
  } catch (error) {
    throw unusable(failureText(error));
  }
  const found = tf.tidy(() => [product(), gradient()].map((tensor) => [...tensor.dataSync()]));
  // (1 2; 3 4)(1; 1), and d/dx sum x² = 2x at 3 and -1.
  const expected = [
    [3, 7],
    [6, -2],
  ];
  if (JSON.stringify(found) === JSON.stringify(expected)) return { engine };
  throw unusable(`it computes ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

function product(): tf.Tensor {
  return tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([1, 1], [2, 1]));
}

function gradient(): tf.Tensor {
  return tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([3, -1]));
}

function unusable(found: string): UnsupportedError {
  return new UnsupportedError({
    feature: 'the native engine',
    found,
    supported: 'an installation that loads and computes',
  });
}
