import type { GlobalPoolOperator, PoolOperator } from '../../../graph/operators/pooling';
import type { LayerContext, LayerFunction } from '../layerContext';
import { readDataFormat, readPadding } from './convolution';

/** Strides are the pool's size unless given. */
function pool(mode: PoolOperator['mode'], rank: number): LayerFunction {
  return (layer) => {
    const { config } = layer;
    const size = config.sizes('pool_size', rank, { fallback: 2 });
    const operator: PoolOperator = {
      kind: 'pool',
      mode,
      size,
      strides: config.has('strides') ? config.sizes('strides', rank) : size,
      dilations: size.map(() => 1),
      padding: readPadding(config),
      ceil: false,
      includePadding: false,
      dataFormat: readDataFormat(config),
    };
    return layer.emit(operator, [layer.x]);
  };
}

function globalPool(mode: GlobalPoolOperator['mode']): LayerFunction {
  return (layer) => {
    const { config, x } = layer;
    const dataFormat = readDataFormat(config);
    const keepDims = config.boolean('keepdims', false);
    return layer.emit({ kind: 'globalPool', mode, dataFormat, keepDims }, [x]);
  };
}

/** GlobalAveragePooling1D: the mean of the steps that the mask leaves. Source: Keras 3.15. */
const globalAverage1d: LayerFunction = (layer) => {
  const { x, config } = layer;
  const mask = layer.maskOf(x);
  if (mask === null) return globalPool('average')(layer);
  const stepsAxis = readDataFormat(config) === 'channelsLast' ? 1 : 2;
  const keepDims = config.boolean('keepdims', false);
  const weights = stepWeights(layer, mask, stepsAxis);
  const kept = layer.merge('multiply', x, weights);
  const sum = layer.reduce('sum', kept, [stepsAxis], keepDims);
  return layer.merge('divide', sum, layer.reduce('sum', weights, [stepsAxis], keepDims));
};

function stepWeights(layer: LayerContext, mask: string, stepsAxis: number): string {
  return layer.cast(layer.expandDims(mask, stepsAxis === 1 ? 2 : 1), 'float32');
}

export const poolingLayers: Readonly<Record<string, LayerFunction>> = {
  MaxPooling1D: pool('max', 1),
  MaxPool1D: pool('max', 1),
  MaxPooling2D: pool('max', 2),
  MaxPool2D: pool('max', 2),
  AveragePooling1D: pool('average', 1),
  AvgPool1D: pool('average', 1),
  AveragePooling2D: pool('average', 2),
  AvgPool2D: pool('average', 2),
  GlobalMaxPooling1D: globalPool('max'),
  GlobalMaxPool1D: globalPool('max'),
  GlobalMaxPooling2D: globalPool('max'),
  GlobalMaxPool2D: globalPool('max'),
  GlobalAveragePooling1D: globalAverage1d,
  GlobalAvgPool1D: globalAverage1d,
  GlobalAveragePooling2D: globalPool('average'),
  GlobalAvgPool2D: globalPool('average'),
};
