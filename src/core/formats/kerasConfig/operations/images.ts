import type { DataFormat } from '../../../graph/graph';
import { resizeOperator } from '../layers/shape';
import type { LayerContext, LayerFunction } from '../layerContext';
import { booleanSetting, constantOf, operand, setting } from './operands';

/** Keras' image data format where none is given: that of its own default settings. */
function dataFormatOf(layer: LayerContext): DataFormat {
  const word = setting(layer, 'data_format') ?? 'channels_last';
  if (word === 'channels_last') return 'channelsLast';
  if (word === 'channels_first') return 'channelsFirst';
  throw layer.unsupported('another data_format', 'channels_last, channels_first');
}

/** Images to a height and width. Source: keras.ops.image.resize of Keras 3.15. */
const resize: LayerFunction = (layer) => {
  for (const cut of ['crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'antialias']) {
    if (booleanSetting(layer, cut, false)) throw layer.unsupported(cut, 'plain resizing');
  }
  const size = setting(layer, 'size', 1);
  const mode = setting(layer, 'interpolation') ?? 'bilinear';
  if (!isSize(size) || typeof mode !== 'string') {
    throw layer.unsupported('a size that is computed', 'a height and a width');
  }
  const x = layer.cast(operand(layer, 0, 'images'), 'float32');
  if (layer.rank(x) !== 4) throw layer.unsupported('one image', 'batches of images');
  return layer.emit(resizeOperator(layer, mode, { size, dataFormat: dataFormatOf(layer) }), [x]);
};

function isSize(value: unknown): value is readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.length === 2 && list.every((size) => Number.isSafeInteger(size) && Number(size) > 0);
}

/** Shares of red, green and blue in the brightness. Source: rgb_to_grayscale of Keras 3.15. */
const BRIGHTNESS = [0.2989, 0.587, 0.114];

const grayscale: LayerFunction = (layer) => {
  const x = layer.cast(operand(layer, 0, 'images'), 'float32');
  const isLast = dataFormatOf(layer) === 'channelsLast';
  const shares = layer.constant(BRIGHTNESS, isLast ? [3] : [3, 1, 1]);
  return layer.reduce('sum', layer.merge('multiply', x, shares), [isLast ? -1 : -3], true);
};

/** Pooling of rows and columns, or of steps. Source: max_pool and average_pool of Keras 3.15, ops/nn.py. */
function pool(mode: 'max' | 'average'): LayerFunction {
  return (layer) => {
    const x = operand(layer, 0, 'inputs');
    const rank = layer.rank(x) - 2;
    if (rank !== 1 && rank !== 2) throw layer.unsupported(`${rank + 2} axes`, '3 or 4 axes');
    const size = perAxis(layer, 'pool_size', rank) ?? [];
    const padding = setting(layer, 'padding', 3) ?? 'valid';
    if (size.length !== rank || (padding !== 'valid' && padding !== 'same')) {
      throw layer.unsupported('a pool of another form', 'a size for each axis, valid, same');
    }
    return layer.emit(
      {
        kind: 'pool',
        mode,
        size,
        strides: perAxis(layer, 'strides', rank) ?? size,
        dilations: size.map(() => 1),
        padding,
        ceil: false,
        includePadding: false,
        dataFormat: dataFormatOf(layer),
      },
      [x],
    );
  };
}

function perAxis(layer: LayerContext, name: string, rank: number): readonly number[] | null {
  const value = layer.config.has(name)
    ? layer.config.raw(name)
    : constantOf(layer.argument(null, name));
  if (value === undefined || value === null) return null;
  const list: readonly unknown[] = Array.isArray(value) ? value : new Array(rank).fill(value);
  const isWhole = list.every((size) => Number.isSafeInteger(size) && Number(size) > 0);
  if (isWhole && list.length === rank) return list as readonly number[];
  throw layer.unsupported(`${name} of another form`, 'whole numbers, one for each axis');
}

export const imageOperations: Readonly<Record<string, LayerFunction>> = {
  Resize: resize,
  RGBToGrayscale: grayscale,
  MaxPool: pool('max'),
  AveragePool: pool('average'),
};
