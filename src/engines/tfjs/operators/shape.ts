import * as tf from '@tensorflow/tfjs-core';
import type {
  ConcatenateOperator,
  FlattenOperator,
  ReshapeOperator,
  SplitOperator,
  TransposeOperator,
} from '../../../core/graph/operators/shape';
import type { NodeInputs } from '../nodeInputs';
import { axisOf, sliceAlong } from './axes';
import { commonType, movingElements, toFloat } from './elementTypes';
import { withoutGradient } from './withoutGradient';

/** [batch, everything else], channels last. */
export function runFlatten({ dataFormat }: FlattenOperator, x: tf.Tensor): tf.Tensor {
  const [batch = 1, ...sample] = x.shape;
  const moves = dataFormat === 'channelsFirst' && x.rank > 2;
  const axes = x.shape.map((_, axis) => axis);
  const ordered = moves
    ? movingElements(x, (values) => tf.transpose(values, [0, ...axes.slice(2), 1]))
    : x;
  return tf.reshape(ordered, [batch, sample.reduce((a, b) => a * b, 1)]);
}

/** 0 keeps an axis. */
export function runReshape({ shape }: ReshapeOperator, x: tf.Tensor): tf.Tensor {
  return tf.reshape(
    x,
    shape.map((size, axis) => (size === 0 ? (x.shape[axis] ?? 1) : size)),
  );
}

export function runTranspose({ permutation }: TransposeOperator, x: tf.Tensor): tf.Tensor {
  return movingElements(x, (values) => tf.transpose(values, [...permutation]));
}

export function runConcatenate({ axis }: ConcatenateOperator, inputs: NodeInputs): tf.Tensor {
  const given = inputs.filter((input) => input !== null);
  const type = commonType(given);
  if (type === 'float32') return tf.concat(given.map(toFloat), axis);
  return withoutGradient(() => {
    const integers = given.map((input) => tf.cast(input, 'int32'));
    return tf.cast(tf.concat(integers, axis), type);
  });
}

export function runSplit(operator: SplitOperator, x: tf.Tensor): readonly tf.Tensor[] {
  const { sizes } = operator;
  const axis = axisOf(x, operator.axis);
  if (x.dtype === 'float32' && !sizes.includes(0)) return tf.split(x, [...sizes], axis);
  return sizes.map((size, i) => {
    const start = sizes.slice(0, i).reduce((a, b) => a + b, 0);
    return movingElements(x, (values) => sliceAlong(values, axis, start, size));
  });
}
