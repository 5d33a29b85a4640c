import type { ResizeOperator } from '../../../src/core/graph/operators/shape';
import type { MakeCase } from '../conformanceCase';
import { drawWindow, imageShape } from './linearCases';

const FORMATS = ['channelsLast', 'channelsFirst'] as const;

export const poolCase: MakeCase<'pool'> = (draw) => {
  const window = drawWindow(draw);
  return {
    operator: {
      kind: 'pool',
      mode: draw.pick(['max', 'average'] as const),
      size: window.size,
      ceil: draw.chance(0.5),
      includePadding: draw.chance(0.5),
      ...window.attributes,
    },
    inputs: [draw.floats(imageShape(window, draw.integer(1, 3), draw.integer(1, 4)))],
  };
};

export const globalPoolCase: MakeCase<'globalPool'> = (draw) => ({
  operator: {
    kind: 'globalPool',
    mode: draw.pick(['max', 'average'] as const),
    dataFormat: draw.pick(FORMATS),
    keepDims: draw.chance(0.5),
  },
  inputs: [draw.floats(draw.shape(3, 5))],
});

const COORDINATES: readonly ResizeOperator['coordinates'][] = [
  'halfPixel',
  'asymmetric',
  'alignCorners',
  'pytorchHalfPixel',
  'halfPixelSymmetric',
];
const ROUNDINGS: readonly ResizeOperator['rounding'][] = [
  'roundPreferFloor',
  'roundPreferCeil',
  'floor',
  'ceil',
];

export const resizeCase: MakeCase<'resize'> = (draw, index) => {
  const rank = draw.pick([1, 2, 2]);
  const spatial = draw.list(rank, 1, 5);
  const dataFormat = draw.pick(FORMATS);
  const shape = imageShape({ spatial, attributes: { dataFormat } }, 2, draw.integer(1, 3));
  const scales = draw.chance(0.4)
    ? spatial.map(() => draw.pick([0.5, 0.75, 1, 1.5, 2, 2.6]))
    : null;
  const size = spatial.map((length, axis) =>
    scales === null ? draw.integer(1, 9) : Math.max(1, Math.floor(length * (scales[axis] ?? 1))),
  );
  const mode = (['nearest', 'linear', 'cubic'] as const)[index % 3] ?? 'nearest';
  return {
    operator: {
      kind: 'resize',
      mode,
      size,
      scales,
      coordinates: COORDINATES[Math.floor(index / 3) % COORDINATES.length] ?? 'halfPixel',
      rounding: draw.pick(ROUNDINGS),
      cubicCoefficient: draw.pick([-0.75, -0.5]),
      dataFormat,
    },
    inputs: [draw.floats(shape)],
  };
};

export const depthToSpaceCase: MakeCase<'depthToSpace'> = (draw) => {
  const [blockSize, dataFormat] = [draw.integer(1, 3), draw.pick(FORMATS)];
  const spatial = draw.list(2, 1, 3);
  const channels = blockSize * blockSize * draw.integer(1, 3);
  const order = draw.pick(['depthFirst', 'columnFirst'] as const);
  return {
    operator: { kind: 'depthToSpace', blockSize, order, dataFormat },
    inputs: [draw.anything(imageShape({ spatial, attributes: { dataFormat } }, 2, channels))],
  };
};

export const spaceToDepthCase: MakeCase<'spaceToDepth'> = (draw) => {
  const [blockSize, dataFormat] = [draw.integer(1, 3), draw.pick(FORMATS)];
  const spatial = draw.list(2, 1, 3).map((size) => size * blockSize);
  const shape = imageShape({ spatial, attributes: { dataFormat } }, 2, draw.integer(1, 3));
  return {
    operator: { kind: 'spaceToDepth', blockSize, dataFormat },
    inputs: [draw.anything(shape)],
  };
};
