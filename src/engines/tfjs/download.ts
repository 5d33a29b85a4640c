import type * as tf from '@tensorflow/tfjs-core';
import type { DenseArray } from '../../core/graph/executor';

/** The values of a tensor, copied out of the engine; integers and bools as numbers. */
export async function download(tensor: tf.Tensor): Promise<DenseArray> {
  const values = await tensor.data();
  return { shape: tensor.shape, values: new Float32Array(values) };
}
