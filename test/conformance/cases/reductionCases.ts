import type { ReduceOperator } from '../../../src/core/graph/operators/reduction';
import type { ReferenceArray } from '../../../src/engines/reference/referenceArray';
import type { MakeCase } from '../conformanceCase';
import type { Draw } from '../draw';

const REDUCTIONS: readonly ReduceOperator['mode'][] = [
  'sum',
  'mean',
  'max',
  'min',
  'prod',
  'l1',
  'l2',
  'sumSquare',
  'logSum',
  'logSumExp',
  'variance',
  'any',
  'all',
];

export const reduceCase: MakeCase<'reduce'> = (draw, index) => {
  const mode = REDUCTIONS[index % REDUCTIONS.length] ?? 'sum';
  const shape = draw.shape(0, 5);
  const axes = shape.length === 0 ? [] : draw.axes(shape);
  return {
    operator: {
      kind: 'reduce',
      mode,
      axes: draw.chance(0.2)
        ? null
        : axes.map((axis) => (draw.chance(0.5) ? axis : axis - shape.length)),
      keepDims: draw.chance(0.5),
    },
    inputs: [reduceInput(draw, mode, shape)],
  };
};

const ON_INTEGERS: readonly ReduceOperator['mode'][] = [
  'sum',
  'mean',
  'max',
  'min',
  'l1',
  'sumSquare',
];

function reduceInput(draw: Draw, mode: ReduceOperator['mode'], shape: number[]): ReferenceArray {
  if (mode === 'any' || mode === 'all') return draw.bools(shape);
  if (mode === 'logSum') return draw.floats(shape, 0.2, 3);
  if (ON_INTEGERS.includes(mode) && draw.chance(0.2)) return draw.integers(shape, -900, 900);
  const x = draw.floats(shape);
  // A zero among the factors: what the others give is its derivative.
  const hasZero = mode === 'prod' && draw.chance(0.5);
  return hasZero ? { ...x, values: x.values.with(0, 0) } : x;
}

/** Few different values, so that there are ties. */
export const argReduceCase: MakeCase<'argReduce'> = (draw) => {
  const shape = draw.shape(1, 4);
  const whole = draw.integers(shape, -2, 2);
  return {
    operator: {
      kind: 'argReduce',
      mode: draw.pick(['max', 'min'] as const),
      axis: draw.axis(shape),
      keepDims: draw.chance(0.5),
      last: draw.chance(0.5),
    },
    inputs: [draw.chance(0.5) ? whole : { ...whole, type: 'float32' }],
  };
};

export const cumulateCase: MakeCase<'cumulate'> = (draw) => {
  const shape = draw.shape(1, 4).with(0, draw.integer(1, 6));
  const mode = draw.pick(['sum', 'prod'] as const);
  const isWhole = draw.chance(0.2);
  return {
    operator: {
      kind: 'cumulate',
      mode,
      axis: draw.axis(shape),
      exclusive: draw.chance(0.5),
      reverse: draw.chance(0.5),
    },
    inputs: [isWhole ? draw.integers(shape, -9, 9) : draw.floats(shape)],
  };
};

export const topKCase: MakeCase<'topK'> = (draw) => {
  const shape = draw.shape(1, 4);
  const axis = draw.axis(shape);
  const k = draw.integer(1, shape.at(axis) ?? 1);
  return {
    operator: { kind: 'topK', k, axis, largest: draw.chance(0.5) },
    inputs: [draw.chance(0.3) ? draw.integers(shape, -3, 3) : draw.floats(shape)],
  };
};
