import type {
  ActivationFunction,
  UnaryFunction,
} from '../../../src/core/graph/operators/activation';
import type { ElementType } from '../../../src/core/graph/graph';
import type { MergeOperator } from '../../../src/core/graph/operators/elementwise';
import type { ReferenceArray } from '../../../src/engines/reference/referenceArray';
import type { MakeCase } from '../conformanceCase';
import type { Draw } from '../draw';

function nth<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new Error('an empty list');
  return item;
}

const ACTIVATIONS: readonly ((draw: Draw, axis: number) => ActivationFunction)[] = [
  () => ({ name: 'linear' }),
  () => ({ name: 'relu', max: null, negativeSlope: 0, threshold: 0 }),
  () => ({ name: 'relu', max: null, negativeSlope: 0.2, threshold: 0 }),
  (draw) => ({
    name: 'relu',
    max: draw.pick([null, 1.2]),
    negativeSlope: draw.pick([0, 0.3]),
    threshold: draw.pick([0, 0.4]),
  }),
  (draw) => ({ name: 'elu', alpha: draw.pick([1, 0.7]) }),
  (draw) => ({ name: 'celu', alpha: draw.pick([1, 0.6]) }),
  () => ({ name: 'selu' }),
  (draw) => ({ name: 'gelu', approximate: draw.chance(0.5) }),
  () => ({ name: 'sigmoid' }),
  () => ({ name: 'logSigmoid' }),
  (draw) => ({ name: 'hardSigmoid', slope: draw.pick([1 / 6, 0.2]), offset: 0.5 }),
  () => ({ name: 'tanh' }),
  () => ({ name: 'hardTanh' }),
  (draw) => ({ name: 'clip', min: draw.pick([null, -0.7]), max: draw.pick([null, 1.1]) }),
  () => ({ name: 'tanhShrink' }),
  () => ({ name: 'softShrink', threshold: 0.6 }),
  () => ({ name: 'hardShrink', threshold: 0.6 }),
  () => ({ name: 'softplus' }),
  () => ({ name: 'softsign' }),
  () => ({ name: 'squareplus', b: 4 }),
  () => ({ name: 'sparsePlus' }),
  () => ({ name: 'swish' }),
  () => ({ name: 'hardSwish' }),
  () => ({ name: 'mish' }),
  (_, axis) => ({ name: 'glu', axis }),
  () => ({ name: 'exponential' }),
  (_, axis) => ({ name: 'softmax', axis }),
  (_, axis) => ({ name: 'logSoftmax', axis }),
  (draw, axis) => ({ name: 'sparsemax', axis, form: draw.pick(['simplex', 'keras']) }),
];

export const activationCase: MakeCase<'activation'> = (draw, index) => {
  const drawn = draw.shape(1, 5);
  const axis = draw.axis(drawn);
  const activation = nth(ACTIVATIONS, index)(draw, axis);
  const shape = activation.name === 'glu' ? drawn.with(axis, 2 * draw.integer(1, 3)) : drawn;
  const isWhole = ['relu', 'clip'].includes(activation.name) && draw.chance(0.1);
  const range = draw.pick([2, 5]);
  return {
    operator: { kind: 'activation', function: activation },
    inputs: [isWhole ? draw.integers(shape, -9, 9) : draw.floats(shape, -range, range)],
  };
};

export const preluCase: MakeCase<'prelu'> = (draw) => {
  const shape = draw.shape(1, 4);
  return {
    operator: { kind: 'prelu' },
    inputs: [draw.floats(shape), draw.floats(draw.broadcastable(shape), -0.5, 0.5)],
  };
};

/** Where each function is defined, away from its poles. */
const DOMAINS: Readonly<Record<UnaryFunction, readonly [number, number]>> = {
  abs: [-2, 2],
  acos: [-0.9, 0.9],
  acosh: [1.2, 4],
  asin: [-0.9, 0.9],
  asinh: [-3, 3],
  atan: [-3, 3],
  atanh: [-0.9, 0.9],
  ceil: [-4, 4],
  cos: [-4, 4],
  cosh: [-3, 3],
  erf: [-4, 4],
  expm1: [-3, 3],
  floor: [-4, 4],
  isInf: [-2, 2],
  isNaN: [-2, 2],
  log: [0.1, 4],
  log1p: [-0.8, 4],
  negate: [-2, 2],
  not: [-2, 2],
  reciprocal: [0.3, 3],
  round: [-4, 4],
  rsqrt: [0.2, 4],
  sign: [-2, 2],
  sin: [-4, 4],
  sinh: [-3, 3],
  sqrt: [0.1, 4],
  square: [-3, 3],
  tan: [-1.2, 1.2],
};
const UNARY = Object.keys(DOMAINS) as UnaryFunction[];
const EXACT: readonly UnaryFunction[] = [
  'abs',
  'ceil',
  'floor',
  'negate',
  'round',
  'sign',
  'square',
];

export const unaryCase: MakeCase<'unary'> = (draw, index) => {
  const name = nth(UNARY, index);
  const shape = draw.shape(0, 5);
  const x = unaryInput(draw, name, shape);
  const operator = { kind: 'unary', function: name } as const;
  if (name !== 'round' || draw.chance(0.5)) return { operator, inputs: [x] };
  // Halves, which go to the even neighbour.
  const halves = {
    ...x,
    type: 'float32',
    values: x.values.map((v) => Math.round(v) + 0.5),
  } as const;
  return { operator, inputs: [halves], hasNoDerivative: true };
};

function unaryInput(draw: Draw, name: UnaryFunction, shape: number[]): ReferenceArray {
  if (name === 'not') return draw.bools(shape);
  if (EXACT.includes(name) && draw.chance(0.3)) return draw.integers(shape, -30_000, 30_000);
  const x = draw.floats(shape, ...DOMAINS[name]);
  if (name === 'isNaN' || name === 'isInf') {
    const special = [NaN, Infinity, -Infinity];
    return { ...x, values: x.values.map((value, i) => special[i] ?? value) };
  }
  return x;
}

const MERGES: readonly MergeOperator['mode'][] = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'average',
  'maximum',
  'minimum',
  'power',
  'modulo',
  'remainder',
  'floorDivide',
  'truncateDivide',
  'squaredDifference',
  'atan2',
];
const OF_MANY: readonly MergeOperator['mode'][] = [
  'add',
  'multiply',
  'average',
  'maximum',
  'minimum',
];
const QUOTIENTS: readonly MergeOperator['mode'][] = [
  'divide',
  'power',
  'modulo',
  'remainder',
  'floorDivide',
  'truncateDivide',
];

export const mergeCase: MakeCase<'merge'> = (draw, index) => {
  const mode = nth(MERGES, index);
  const alignment = draw.pick(['leading', 'afterBatch'] as const);
  const shape = draw.shape(0, 4);
  const count = OF_MANY.includes(mode) ? draw.integer(1, 3) : 2;
  const shapes = Array.from({ length: count }, (_, i) =>
    i === 0 ? shape : alignment === 'leading' ? draw.broadcastable(shape) : fewerAxes(draw, shape),
  );
  const isWhole = mode !== 'atan2' && draw.chance(0.3);
  return {
    operator: { kind: 'merge', mode, alignment },
    inputs: shapes.map((own, i) =>
      isWhole ? wholeOperand(draw, mode, own, i) : realOperand(draw, mode, own, i),
    ),
  };
};

/** The batch kept, some axes after it left out, some 1. */
function fewerAxes(draw: Draw, shape: readonly number[]): number[] {
  const [batch, ...rest] = shape;
  return batch === undefined ? [] : [batch, ...draw.broadcastable(rest)];
}

function wholeOperand(
  draw: Draw,
  mode: MergeOperator['mode'],
  shape: number[],
  index: number,
): ReferenceArray {
  if (!QUOTIENTS.includes(mode)) return draw.integers(shape, -900, 900);
  if (mode === 'power') return draw.integers(shape, 0, index === 0 ? 9 : 4);
  if (index === 0) return draw.integers(shape, -1_000_000, 1_000_000);
  const divisors = draw.integers(shape, 1, 9);
  const sign = draw.pick([1, -1]);
  return { ...divisors, values: divisors.values.map((value) => sign * value) };
}

function realOperand(
  draw: Draw,
  mode: MergeOperator['mode'],
  shape: number[],
  index: number,
): ReferenceArray {
  if (mode === 'power') return index === 0 ? draw.floats(shape, 0.2, 3) : draw.floats(shape);
  if (!QUOTIENTS.includes(mode) || index === 0) return draw.floats(shape, -3, 3);
  return draw.chance(0.5) ? draw.floats(shape, 0.5, 2) : draw.floats(shape, -2, -0.5);
}

const COMPARISONS = [
  'equal',
  'notEqual',
  'greater',
  'greaterOrEqual',
  'less',
  'lessOrEqual',
] as const;

export const compareCase: MakeCase<'compare'> = (draw, index) => {
  const shape = draw.shape(0, 4);
  const types = [draw.chance(0.5), draw.chance(0.5)];
  const make = (isWhole: boolean | undefined, own: number[]): ReferenceArray => {
    const whole = draw.integers(own, -2, 2);
    return isWhole === true ? whole : { ...whole, type: 'float32' };
  };
  return {
    operator: { kind: 'compare', mode: nth(COMPARISONS, index) },
    inputs: [make(types[0], shape), make(types[1], draw.broadcastable(shape))],
  };
};

export const logicalCase: MakeCase<'logical'> = (draw, index) => {
  const shape = draw.shape(0, 4);
  return {
    operator: { kind: 'logical', mode: nth(['and', 'or', 'xor'] as const, index) },
    inputs: [draw.bools(shape), draw.bools(draw.broadcastable(shape))],
  };
};

export const selectCase: MakeCase<'select'> = (draw) => {
  const shape = draw.shape(0, 4);
  const isWhole = draw.chance(0.3);
  const make = (): ReferenceArray => {
    const own = draw.broadcastable(shape);
    return isWhole && draw.chance(0.8) ? draw.integers(own, -1e6, 1e6) : draw.floats(own);
  };
  const inputs = [draw.bools(draw.broadcastable(shape)), make(), make()];
  return { operator: { kind: 'select' }, inputs };
};

const TYPES: readonly ElementType[] = ['float32', 'int32', 'bool'];

export const castCase: MakeCase<'cast'> = (draw, index) => {
  const shape = draw.shape(0, 4);
  const from = nth(TYPES, Math.floor(index / 3));
  const make = {
    float32: () => draw.floats(shape, -9, 9),
    int32: () => draw.integers(shape, -9, 9),
    bool: () => draw.bools(shape),
  };
  return { operator: { kind: 'cast', to: nth(TYPES, index) }, inputs: [make[from]()] };
};
