import type { GlobalPoolOperator, PoolOperator } from '../../graph/operators/pooling';
import type { ConfigFields } from './configFields';
import { readDataFormat, readPadding } from './kernelOperators';

/** MaxPooling2D and AveragePooling2D; strides are the pool's size unless given. */
export function pool2dOperator(config: ConfigFields, mode: PoolOperator['mode']): PoolOperator {
  const size = config.pair('pool_size', [2, 2]);
  return {
    kind: 'pool',
    mode,
    size,
    strides: config.pair('strides', size),
    dilations: [1, 1],
    padding: readPadding(config),
    ceil: false,
    includePadding: false,
    dataFormat: readDataFormat(config),
  };
}

/** GlobalMaxPooling2D and GlobalAveragePooling2D. */
export function globalPool2dOperator(
  config: ConfigFields,
  mode: GlobalPoolOperator['mode'],
): GlobalPoolOperator {
  return {
    kind: 'globalPool',
    mode,
    dataFormat: readDataFormat(config),
    keepDims: config.boolean('keepdims', false),
  };
}
