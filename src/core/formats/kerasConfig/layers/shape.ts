import type { Sides } from '../../../graph/operators/linear';
import type { ResizeOperator } from '../../../graph/operators/shape';
import type { ConfigFields } from '../configFields';
import type { LayerContext, LayerFunction } from '../layerContext';
import { readDataFormat } from './convolution';

const flatten: LayerFunction = (layer) =>
  layer.emit({ kind: 'flatten', dataFormat: readDataFormat(layer.config) }, [layer.x]);

/** Reshape: the batch is kept; `target_shape` is one sample's, with one entry open (-1 or null) at most. */
const reshape: LayerFunction = (layer) => {
  const { config } = layer;
  const sampleShape = config.list('target_shape').map((size) => (size === null ? -1 : size));
  const open = sampleShape.filter((size) => size === -1).length;
  if (!sampleShape.every(isSize) || open > 1) {
    throw config.bad('target_shape', 'whole numbers, one of them -1 at most');
  }
  return layer.reshape(layer.x, [0, ...sampleShape]);
};

function isSize(size: unknown): size is number {
  return typeof size === 'number' && Number.isSafeInteger(size) && (size === -1 || size > 0);
}

/** Permute: the axes of a sample, counted from 1. */
const permute: LayerFunction = (layer) => {
  const dims = layer.config.axes('dims', 1);
  return layer.emit({ kind: 'transpose', permutation: [0, ...dims] }, [layer.x]);
};

/** RepeatVector: [batch, features] to [batch, n, features]. */
const repeatVector: LayerFunction = (layer) => {
  const repeats = [1, layer.config.count('n'), 1];
  const [, features = -1] = layer.shape(layer.x);
  const apart = layer.reshape(layer.x, [0, 1, features]);
  return layer.emit({ kind: 'tile', repeats }, [apart]);
};

/** ZeroPadding1D and 2D, and, with what is added taken away, Cropping1D and 2D. */
function padding(field: 'padding' | 'cropping', rank: number): LayerFunction {
  return (layer) => {
    const { config, x } = layer;
    const spatial = readSides(config, field, rank).map(([before, after]): Sides =>
      field === 'padding' ? [before, after] : [0 - before, 0 - after],
    );
    const none: Sides = [0, 0];
    const isLast = rank === 1 || readDataFormat(config) === 'channelsLast';
    const sides = isLast ? [none, ...spatial, none] : [none, none, ...spatial];
    return layer.emit({ kind: 'pad', mode: 'constant', sides, value: 0 }, [x]);
  };
}

/** Of one axis: a number or [before, after]. Of two: a number, one for each, or [before, after] for each. */
function readSides(config: ConfigFields, field: string, rank: number): readonly Sides[] {
  const value = config.raw(field) ?? 1;
  const axes: readonly unknown[] = rank === 1 ? [value] : twoOf(value);
  return axes.map((axis) => {
    const [before, after] = twoOf(axis);
    if (!isPadding(before) || !isPadding(after)) {
      throw config.bad(field, 'whole numbers from 0: one, one an axis, or pairs');
    }
    return [before, after];
  });
}

function twoOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value, value];
}

function isPadding(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** UpSampling1D repeats steps, UpSampling2D rows and columns or fills in between. */
function upSampling(rank: number): LayerFunction {
  return (layer) => {
    const { config, x } = layer;
    const factors = config.sizes('size', rank, { fallback: 2 });
    const dataFormat = rank === 1 ? 'channelsLast' : readDataFormat(config);
    const mode = rank === 1 ? 'nearest' : config.string('interpolation', 'nearest');
    const spatial = spatialSizes(layer, x, dataFormat);
    const size = factors.map((factor, axis) => factor * (spatial[axis] ?? -1));
    return layer.emit(resizeOperator(layer, mode, { size, dataFormat }), [x]);
  };
}

function spatialSizes(
  layer: LayerContext,
  x: string,
  dataFormat: ResizeOperator['dataFormat'],
): readonly number[] {
  const shape = layer.shape(x);
  const spatial = dataFormat === 'channelsLast' ? shape.slice(1, -1) : shape.slice(2);
  if (spatial.every((size) => size > 0)) return spatial;
  throw layer.unsupported('an input of open size', 'inputs whose size is known');
}

/** Source: tf.image.resize of TensorFlow 2, with half-pixel centres and without antialiasing. */
export function resizeOperator(
  layer: LayerContext,
  mode: string,
  { size, dataFormat }: Pick<ResizeOperator, 'size' | 'dataFormat'>,
): ResizeOperator {
  if (mode !== 'nearest' && mode !== 'bilinear') {
    throw layer.unsupported(`interpolation ${mode}`, 'nearest, bilinear');
  }
  return {
    kind: 'resize',
    mode: mode === 'nearest' ? 'nearest' : 'linear',
    size,
    scales: null,
    coordinates: 'halfPixel',
    // Nearest takes the element in which the centre lies: half-way it is the later one.
    rounding: 'roundPreferCeil',
    cubicCoefficient: -0.5,
    dataFormat,
  };
}

export const shapeLayers: Readonly<Record<string, LayerFunction>> = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  RepeatVector: repeatVector,
  ZeroPadding1D: padding('padding', 1),
  ZeroPadding2D: padding('padding', 2),
  Cropping1D: padding('cropping', 1),
  Cropping2D: padding('cropping', 2),
  UpSampling1D: upSampling(1),
  UpSampling2D: upSampling(2),
};
