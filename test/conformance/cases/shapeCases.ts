import type { ElementType } from '../../../src/core/graph/graph';
import type { MakeCase } from '../conformanceCase';
import type { Draw } from '../draw';

export const flattenCase: MakeCase<'flatten'> = (draw) => ({
  operator: { kind: 'flatten', dataFormat: draw.pick(['channelsLast', 'channelsFirst'] as const) },
  inputs: [draw.anything(draw.shape(1, 5))],
});

export const reshapeCase: MakeCase<'reshape'> = (draw) => {
  const shape = draw.shape(1, 5);
  const [first = 1, ...rest] = shape;
  const wanted = draw.pick([[0, -1], [-1], [first, 1, ...rest], [...rest, -1], [0, -1, 1]]);
  return { operator: { kind: 'reshape', shape: wanted }, inputs: [draw.anything(shape)] };
};

export const transposeCase: MakeCase<'transpose'> = (draw) => {
  const shape = draw.shape(0, 6);
  return {
    operator: { kind: 'transpose', permutation: draw.permutation(shape.length) },
    inputs: [draw.anything(shape)],
  };
};

export const concatenateCase: MakeCase<'concatenate'> = (draw) => {
  const shape = draw.shape(1, 5);
  const axis = draw.axis(shape);
  const isWhole = draw.chance(0.2);
  const inputs = Array.from({ length: draw.integer(1, 4) }, () => {
    const own = shape.with(axis, draw.integer(1, 4));
    return isWhole ? draw.integers(own, -1e9, 1e9) : draw.floats(own);
  });
  return { operator: { kind: 'concatenate', axis }, inputs };
};

export const splitCase: MakeCase<'split'> = (draw) => {
  const sizes = draw.list(draw.integer(1, 4), 1, 3);
  const drawn = draw.shape(1, 4);
  const axis = draw.axis(drawn);
  const shape = drawn.with(
    axis,
    sizes.reduce((a, b) => a + b),
  );
  return { operator: { kind: 'split', axis, sizes }, inputs: [draw.anything(shape)] };
};

export const sliceCase: MakeCase<'slice'> = (draw) => {
  const shape = draw.list(draw.integer(1, 5), 1, 5);
  const axes = draw.axes(shape);
  const rules = axes.map((axis) => drawRange(draw, shape[axis] ?? 1));
  return {
    operator: {
      kind: 'slice',
      axes,
      starts: rules.map(({ start }) => start),
      sizes: rules.map(({ size }) => size),
      steps: rules.map(({ step }) => step),
    },
    inputs: [draw.anything(shape)],
  };
};

/** Elements of an axis that all exist. */
function drawRange(draw: Draw, length: number) {
  const start = draw.integer(0, length - 1);
  if (draw.chance(0.2)) return { start, step: 1, size: -1 };
  const step = draw.pick([1, 1, 2, 3, -1, -2]);
  const most = Math.floor((step > 0 ? length - 1 - start : start) / Math.abs(step)) + 1;
  return { start, step, size: draw.integer(1, most) };
}

export const gatherCase: MakeCase<'gather'> = (draw) => {
  const shape = draw.shape(1, 4);
  const axis = draw.axis(shape);
  const size = shape.at(axis) ?? 1;
  return {
    operator: { kind: 'gather', axis },
    inputs: [draw.anything(shape), draw.integers(draw.shape(0, 3), -size, size - 1)],
  };
};

export const gatherElementsCase: MakeCase<'gatherElements'> = (draw) => {
  const shape = draw.shape(1, 4);
  const axis = draw.axis(shape);
  const size = shape.at(axis) ?? 1;
  const places = shape.map((length) => draw.integer(1, length)).with(axis, draw.integer(1, 5));
  return {
    operator: { kind: 'gatherElements', axis },
    inputs: [draw.anything(shape), draw.integers(places, -size, size - 1)],
  };
};

export const oneHotCase: MakeCase<'oneHot'> = (draw) => {
  const shape = draw.shape(0, 3);
  const depth = draw.integer(1, 5);
  return {
    operator: {
      kind: 'oneHot',
      depth,
      axis: draw.integer(-shape.length - 1, shape.length),
      on: draw.pick([1, 2.5]),
      off: draw.pick([0, -1]),
    },
    inputs: [draw.integers(shape, -2, depth + 1)],
  };
};

export const expandCase: MakeCase<'expand'> = (draw) => {
  const whole = draw.shape(0, 5);
  const own = draw.broadcastable(whole);
  const skipped = whole.length - own.length;
  const shape = whole.map((size, axis) => {
    const mayKeep = axis >= skipped && own[axis - skipped] === size;
    return mayKeep && draw.chance(0.5) ? draw.pick([-1, 1]) : size;
  });
  return { operator: { kind: 'expand', shape }, inputs: [draw.anything(own)] };
};

export const tileCase: MakeCase<'tile'> = (draw) => {
  const shape = draw.shape(0, 5);
  const repeats = shape.map(() => draw.pick([1, 1, 2, 3]));
  return { operator: { kind: 'tile', repeats }, inputs: [draw.anything(shape)] };
};

export const padCase: MakeCase<'pad'> = (draw) => {
  const shape = draw.list(draw.integer(1, 4), 2, 5);
  const mode = draw.pick(['constant', 'edge', 'reflect', 'wrap'] as const);
  const sides = shape.map((): [number, number] =>
    draw.chance(0.4) ? [0, 0] : [draw.integer(-1, 3), draw.integer(-1, 3)],
  );
  const fits = sides.every(([before, after], axis) => {
    const cropped = Math.max(-before, 0) + Math.max(-after, 0);
    return (shape[axis] ?? 0) - cropped > 0;
  });
  if (!fits) return padCase(draw, 0);
  return {
    operator: { kind: 'pad', mode, sides, value: draw.pick([0, 1]) },
    inputs: [draw.anything(shape)],
  };
};

export const reverseCase: MakeCase<'reverse'> = (draw) => {
  const shape = draw.shape(1, 5);
  return { operator: { kind: 'reverse', axes: draw.axes(shape) }, inputs: [draw.anything(shape)] };
};

const TYPES: readonly ElementType[] = ['float32', 'int32', 'bool'];

export const fillCase: MakeCase<'fill'> = (draw) => {
  const type = draw.pick(TYPES);
  const value = type === 'float32' ? draw.pick([0, -1.5]) : draw.pick([0, 1]);
  return { operator: { kind: 'fill', shape: draw.shape(0, 4), value, type }, inputs: [] };
};

export const identityCase: MakeCase<'identity'> = (draw) => ({
  operator: { kind: 'identity' },
  inputs: [draw.anything(draw.shape(0, 5))],
});

export const dropoutCase: MakeCase<'dropout'> = (draw) => ({
  operator: { kind: 'dropout', rate: draw.number(0, 0.9), sharedAxes: [] },
  inputs: [draw.floats(draw.shape(1, 5))],
});
