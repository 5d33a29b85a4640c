import type { LayerFunction } from '../layerContext';
import { readDataFormat } from './convolution';
import { resizeOperator } from './shape';

/** Rescaling: x * scale + offset, each a number or one a channel. */
const rescaling: LayerFunction = (layer) => {
  const scale = layer.numbers(layer.config.raw('scale') ?? 1, 'scale');
  const offset = layer.numbers(layer.config.raw('offset') ?? 0, 'offset');
  const x = layer.cast(layer.x, 'float32');
  const scaled = layer.merge('multiply', x, layer.constant(scale.values, scale.shape));
  return layer.merge('add', scaled, layer.constant(offset.values, offset.shape));
};

/** Resizing to a height and width. */
const resizing: LayerFunction = (layer) => {
  const { config } = layer;
  for (const cut of ['crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'antialias']) {
    if (config.raw(cut) === true) throw layer.unsupported(cut, 'plain resizing');
  }
  const size = [config.count('height'), config.count('width')];
  const mode = config.string('interpolation', 'bilinear');
  const dataFormat = readDataFormat(config);
  const x = layer.cast(layer.x, 'float32');
  return layer.emit(resizeOperator(layer, mode, { size, dataFormat }), [x]);
};

export const preprocessingLayers: Readonly<Record<string, LayerFunction>> = {
  Rescaling: rescaling,
  Resizing: resizing,
};
