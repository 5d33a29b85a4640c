import type { GlobalPool2dOperator, Pool2dOperator } from '../../graph/graph';
import type { ConfigFields } from './configFields';
import { readDataFormat, readPadding } from './kernelOperators';

/** MaxPooling2D and AveragePooling2D; strides are the pool's size unless given. */
export function pool2dOperator(config: ConfigFields, mode: Pool2dOperator['mode']): Pool2dOperator {
  const size = config.pair('pool_size', [2, 2]);
  return {
    kind: 'pool2d',
    mode,
    size,
    strides: config.pair('strides', size),
    padding: readPadding(config),
    dataFormat: readDataFormat(config),
  };
}

/** GlobalMaxPooling2D and GlobalAveragePooling2D. */
export function globalPool2dOperator(
  config: ConfigFields,
  mode: GlobalPool2dOperator['mode'],
): GlobalPool2dOperator {
  return {
    kind: 'globalPool2d',
    mode,
    dataFormat: readDataFormat(config),
    keepDims: config.boolean('keepdims', false),
  };
}
