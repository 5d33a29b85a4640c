import * as tf from '@tensorflow/tfjs-core';
import type {
  DepthToSpaceOperator,
  SpaceToDepthOperator,
} from '../../../core/graph/operators/shape';
import { movingElements } from './elementTypes';
import { inChannelsLast } from './planarImages';

/** By reshaping and transposing, which have gradients. */
export function runDepthToSpace(operator: DepthToSpaceOperator, x: tf.Tensor): tf.Tensor {
  const { blockSize, order } = operator;
  return onImage(operator, x, (image) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = image.shape;
    const depth = channels / (blockSize * blockSize);
    const isDepthFirst = order === 'depthFirst';
    const parts = isDepthFirst ? [blockSize, blockSize, depth] : [depth, blockSize, blockSize];
    const split = tf.reshape(image, [batch, height, width, ...parts]);
    const moved = tf.transpose(split, isDepthFirst ? [0, 1, 3, 2, 4, 5] : [0, 1, 4, 2, 5, 3]);
    return tf.reshape(moved, [batch, height * blockSize, width * blockSize, depth]);
  });
}

export function runSpaceToDepth(operator: SpaceToDepthOperator, x: tf.Tensor): tf.Tensor {
  const { blockSize } = operator;
  return onImage(operator, x, (image) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = image.shape;
    const [rows, columns] = [height / blockSize, width / blockSize];
    const split = tf.reshape(image, [batch, rows, blockSize, columns, blockSize, channels]);
    const moved = tf.transpose(split, [0, 1, 3, 2, 4, 5]);
    return tf.reshape(moved, [batch, rows, columns, blockSize * blockSize * channels]);
  });
}

function onImage(
  { dataFormat }: DepthToSpaceOperator | SpaceToDepthOperator,
  x: tf.Tensor,
  run: (image: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  return movingElements(x, (values) => inChannelsLast(values, dataFormat, run));
}
