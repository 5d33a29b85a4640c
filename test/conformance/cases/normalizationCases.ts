import type { MakeCase } from '../conformanceCase';

const FORMATS = ['channelsLast', 'channelsFirst'] as const;

export const batchNormalizationCase: MakeCase<'batchNormalization'> = (draw) => {
  const shape = draw.shape(2, 5);
  const axis = draw.axis(shape);
  const channels = [shape.at(axis) ?? 1];
  return {
    operator: { kind: 'batchNormalization', axis, epsilon: 1e-3, momentum: 0.99 },
    inputs: [
      draw.floats(shape),
      draw.maybe(() => draw.floats(channels)),
      draw.maybe(() => draw.floats(channels)),
      draw.floats(channels),
      draw.floats(channels, 0.3, 2),
    ],
  };
};

export const layerNormalizationCase: MakeCase<'layerNormalization'> = (draw) => {
  const shape = draw.shape(1, 4).with(-1, draw.integer(2, 5));
  const axes = draw.axes(shape).map((axis) => (draw.chance(0.5) ? axis : axis - shape.length));
  const sizes = axes.map((axis) => shape.at(axis) ?? 1);
  return {
    operator: { kind: 'layerNormalization', axes, epsilon: 1e-2, rms: draw.chance(0.4) },
    inputs: [
      draw.floats(shape),
      draw.maybe(() => draw.floats(sizes)),
      draw.maybe(() => draw.floats(sizes)),
    ],
  };
};

export const groupNormalizationCase: MakeCase<'groupNormalization'> = (draw) => {
  const dataFormat = draw.pick(FORMATS);
  const [groups, own] = [draw.integer(1, 3), draw.integer(1, 3)];
  const spatial = draw.shape(0, 3).map((size) => size + 1);
  const channels = groups * own;
  const shape =
    dataFormat === 'channelsLast' ? [2, ...spatial, channels] : [2, channels, ...spatial];
  return {
    operator: {
      kind: 'groupNormalization',
      groups: draw.chance(0.3) ? -1 : groups,
      epsilon: 1e-2,
      dataFormat,
    },
    inputs: [
      draw.floats(shape),
      draw.maybe(() => draw.floats([channels])),
      draw.maybe(() => draw.floats([channels])),
    ],
  };
};

export const localResponseCase: MakeCase<'localResponseNormalization'> = (draw) => ({
  operator: {
    kind: 'localResponseNormalization',
    size: draw.integer(1, 6),
    alpha: draw.number(0.01, 1),
    beta: draw.number(0.3, 1.2),
    bias: draw.number(0.5, 2),
    dataFormat: draw.pick(FORMATS),
  },
  inputs: [draw.floats(draw.list(draw.integer(3, 4), 1, 5))],
});
