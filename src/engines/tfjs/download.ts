import * as tf from '@tensorflow/tfjs-core';
import type { DenseArray } from '../../core/graph/executor';
import { type AxisOrder, inverseOrder } from './axisOrder';
import { movingElements } from './operators/elementTypes';

/** The values of a tensor, copied out of the engine; integers and bools as numbers. */
export async function download(tensor: tf.Tensor): Promise<DenseArray> {
  const values = await tensor.data();
  return { shape: tensor.shape, values: new Float32Array(values) };
}

/** The values of a tensor that is held in an order of axes (undefined: the file's), in the file's. */
export async function downloadHeld(
  tensor: tf.Tensor,
  order: AxisOrder | undefined,
): Promise<DenseArray> {
  if (order === undefined) return download(tensor);
  const turned = tf.tidy(() =>
    movingElements(tensor, (values) => tf.transpose(values, inverseOrder(order))),
  );
  try {
    return await download(turned);
  } finally {
    turned.dispose();
  }
}
