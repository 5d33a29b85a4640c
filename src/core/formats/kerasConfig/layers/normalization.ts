import type { LayerContext, LayerFunction } from '../layerContext';

/** BatchNormalization at inference: with the stored statistics. Keras 2 writes the axis as a list of one. */
const batchNormalization: LayerFunction = (layer) => {
  const { config, weights } = layer;
  const [axis = -1, ...more] = config.axes('axis', -1);
  if (more.length > 0) throw config.bad('axis', 'one whole number');
  const operator = {
    kind: 'batchNormalization',
    axis,
    epsilon: config.number('epsilon', 1e-3),
    momentum: config.number('momentum', 0.99),
  } as const;
  const scale = config.boolean('scale', true) ? weights.require('gamma', [null], 'scale') : null;
  const center = config.boolean('center', true) ? weights.require('beta', [null], 'center') : null;
  const mean = weights.require('moving_mean', [null], 'the layer');
  const variance = weights.require('moving_variance', [null], 'the layer');
  const values = [scale, center, mean, variance].map((tensor) =>
    tensor === null ? null : layer.parameter(tensor),
  );
  return layer.emit(operator, [layer.x, ...values]);
};

/** LayerNormalization; with `rms_scaling` by the deviation alone, without the mean. Source: Keras 3.15. */
const layerNormalization: LayerFunction = (layer) => {
  const { config, x } = layer;
  const axes = config.axes('axis', -1);
  const epsilon = config.number('epsilon', 1e-3);
  if (config.boolean('rms_scaling', false)) return scaledByDeviation(layer, axes, epsilon);
  const gamma = config.boolean('scale', true) ? layer.weights.requireAny('gamma') : null;
  const beta = config.boolean('center', true) ? layer.weights.requireAny('beta') : null;
  const values = [gamma, beta].map((tensor) => (tensor === null ? null : layer.parameter(tensor)));
  return layer.emit({ kind: 'layerNormalization', axes, epsilon, rms: false }, [x, ...values]);
};

function scaledByDeviation(layer: LayerContext, axes: readonly number[], epsilon: number): string {
  const { x } = layer;
  const variance = layer.reduce('variance', x, axes, true);
  const inverse = layer.unary('rsqrt', layer.merge('add', variance, layer.scalar(epsilon)));
  const scaled = layer.merge('multiply', x, inverse);
  const gamma = along(layer, layer.parameter(layer.weights.requireAny('gamma')), axes);
  return layer.merge('multiply', scaled, gamma);
}

/** Values of some axes of the input, with axes of length 1 between them. */
function along(layer: LayerContext, values: string, axes: readonly number[]): string {
  const rank = layer.rank(layer.x);
  const sizes = layer.shape(values);
  const shape = new Array<number>(rank).fill(1);
  axes.forEach((axis, i) => {
    const at = axis < 0 ? axis + rank : axis;
    if (at < 0 || at >= rank) throw layer.config.bad('axis', `-${rank} to ${rank - 1}`);
    shape[at] = sizes[i] ?? 1;
  });
  return layer.reshape(values, shape);
}

/** GroupNormalization, channels last or on axis 1. */
const groupNormalization: LayerFunction = (layer) => {
  const { config, x } = layer;
  const [axis = -1] = config.axes('axis', -1);
  const isLast = axis === -1 || axis === layer.rank(x) - 1;
  if (!isLast && axis !== 1) throw layer.unsupported(`channels on axis ${axis}`, 'axis 1 or -1');
  const gamma = config.boolean('scale', true) ? layer.weights.requireAny('gamma') : null;
  const beta = config.boolean('center', true) ? layer.weights.requireAny('beta') : null;
  const values = [gamma, beta].map((tensor) => (tensor === null ? null : layer.parameter(tensor)));
  const operator = {
    kind: 'groupNormalization',
    groups: config.integer('groups', 32),
    epsilon: config.number('epsilon', 1e-3),
    dataFormat: isLast ? 'channelsLast' : 'channelsFirst',
  } as const;
  return layer.emit(operator, [x, ...values]);
};

/** RMSNormalization. */
const rmsNormalization: LayerFunction = (layer) => {
  const axes = layer.config.axes('axis', -1);
  const epsilon = layer.config.number('epsilon', 1e-6);
  const scale = layer.parameter(layer.weights.requireAny('scale'));
  const operator = { kind: 'layerNormalization', axes, epsilon, rms: true } as const;
  return layer.emit(operator, [layer.x, scale, null]);
};

/** Below this a length counts as this. Source: UnitNormalization of Keras 3.15. */
const LEAST_SQUARE = 1e-12;

/** UnitNormalization: divided by the Euclidean length along some axes. */
const unitNormalization: LayerFunction = (layer) => {
  const { x } = layer;
  const squares = layer.reduce('sumSquare', x, layer.config.axes('axis', -1), true);
  const kept = layer.merge('maximum', squares, layer.scalar(LEAST_SQUARE));
  return layer.merge('multiply', x, layer.unary('rsqrt', kept));
};

/** Keras' backend.epsilon(), below which Normalization does not divide. */
const LEAST_DEVIATION = 1e-7;

/** Normalization with the mean and variance it was adapted to, or was given. */
const normalization: LayerFunction = (layer) => {
  const { x } = layer;
  const mean = statistic(layer, 'mean');
  const deviation = layer.unary('sqrt', statistic(layer, 'variance'));
  const divisor = layer.merge('maximum', deviation, layer.scalar(LEAST_DEVIATION));
  if (layer.config.boolean('invert', false)) {
    return layer.merge('add', mean, layer.merge('multiply', layer.cast(x, 'float32'), divisor));
  }
  const centred = layer.merge('subtract', layer.cast(x, 'float32'), mean);
  return layer.merge('divide', centred, divisor);
};

function statistic(layer: LayerContext, name: 'mean' | 'variance'): string {
  const { config } = layer;
  const rank = layer.rank(layer.x);
  const axes = config.has('axis') ? config.axes('axis', -1) : [];
  const ordered = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  if (!config.has(name)) {
    return along(layer, layer.parameter(layer.weights.requireAny(name)), ordered);
  }
  const values = layer.numbers(config.raw(name), name);
  if (values.shape.length === ordered.length) {
    return along(layer, layer.constant(values.values, values.shape), ordered);
  }
  return layer.constant(values.values, values.shape);
}

/** LayerScale of ConvNeXt: x times a number a channel. Source: keras.applications of Keras 3.15, convnext.py. */
const layerScale: LayerFunction = (layer) => {
  const width = layer.config.count('projection_dim');
  const gamma = layer.weights.requireOnly([width], 'projection_dim');
  return layer.merge('multiply', layer.x, layer.parameter(gamma));
};

export const normalizationLayers: Readonly<Record<string, LayerFunction>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  RMSNormalization: rmsNormalization,
  UnitNormalization: unitNormalization,
  Normalization: normalization,
  LayerScale: layerScale,
};
