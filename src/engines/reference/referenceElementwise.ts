import type { UnaryFunction } from '../../core/graph/operators/activation';
import type { ElementType } from '../../core/graph/graph';
import type {
  CompareOperator,
  LogicalOperator,
  MergeOperator,
} from '../../core/graph/operators/elementwise';
import { erf } from './errorFunction';
import {
  at,
  atBroadcast,
  broadcastShape,
  build,
  type ReferenceArray,
  required,
  sum,
} from './referenceArray';

type Inputs = readonly (ReferenceArray | null)[];

export function referenceUnary(name: UnaryFunction, x: ReferenceArray): ReferenceArray {
  const type = ['not', 'isNaN', 'isInf'].includes(name) ? 'bool' : x.type;
  return build(x.shape, type, (place) => UNARY[name](at(x, place)));
}

const UNARY: Record<UnaryFunction, (x: number) => number> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  erf,
  expm1: Math.expm1,
  floor: Math.floor,
  isInf: (x) => Number(Math.abs(x) === Infinity),
  isNaN: (x) => Number(Number.isNaN(x)),
  log: Math.log,
  log1p: Math.log1p,
  negate: (x) => -x,
  not: (x) => Number(x === 0),
  reciprocal: (x) => 1 / x,
  round: halfToEven,
  rsqrt: (x) => 1 / Math.sqrt(x),
  sign: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  square: (x) => x * x,
  tan: Math.tan,
};

function halfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** Of several types the widest. */
function widest(inputs: readonly ReferenceArray[]): ElementType {
  const order: readonly ElementType[] = ['float32', 'int32', 'bool'];
  return order.find((type) => inputs.some((input) => input.type === type)) ?? 'float32';
}

export function referenceMerge(operator: MergeOperator, inputs: Inputs): ReferenceArray {
  const given = inputs.filter((input) => input !== null);
  const rank = Math.max(...given.map(({ shape }) => shape.length));
  const aligned = given.map((input) => ({
    ...input,
    shape: alignedShape(input.shape, rank, operator),
  }));
  const shape = broadcastShape(...aligned.map((input) => input.shape));
  return build(shape, widest(given), (place) => {
    const values = aligned.map((input) => atBroadcast(input, place));
    if (operator.mode === 'average') return sum(values) / values.length;
    const combine = MERGE[operator.mode];
    return values.reduce(combine);
  });
}

/** `afterBatch`: new axes stand after the first. */
function alignedShape(
  shape: readonly number[],
  rank: number,
  { alignment }: MergeOperator,
): readonly number[] {
  const ones = new Array<number>(rank - shape.length).fill(1);
  if (alignment === 'leading' || shape.length === 0) return [...ones, ...shape];
  return [...shape.slice(0, 1), ...ones, ...shape.slice(1)];
}

const MERGE: Record<Exclude<MergeOperator['mode'], 'average'>, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  power: (a, b) => a ** b,
  modulo: (a, b) => ((a % b) + b) % b,
  remainder: (a, b) => a % b,
  floorDivide: (a, b) => Math.floor(a / b),
  truncateDivide: (a, b) => Math.trunc(a / b),
  squaredDifference: (a, b) => (a - b) ** 2,
  atan2: Math.atan2,
};

export function referenceCompare({ mode }: CompareOperator, inputs: Inputs): ReferenceArray {
  return two(inputs, (a, b) => COMPARE[mode](a, b));
}

const COMPARE: Record<CompareOperator['mode'], (a: number, b: number) => boolean> = {
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
  greater: (a, b) => a > b,
  greaterOrEqual: (a, b) => a >= b,
  less: (a, b) => a < b,
  lessOrEqual: (a, b) => a <= b,
};

export function referenceLogical({ mode }: LogicalOperator, inputs: Inputs): ReferenceArray {
  return two(inputs, (a, b) => {
    const [p, q] = [a !== 0, b !== 0];
    return mode === 'and' ? p && q : mode === 'or' ? p || q : p !== q;
  });
}

function two(inputs: Inputs, holds: (a: number, b: number) => boolean): ReferenceArray {
  const [a, b] = [required(inputs, 0), required(inputs, 1)];
  return build(broadcastShape(a.shape, b.shape), 'bool', (place) =>
    Number(holds(atBroadcast(a, place), atBroadcast(b, place))),
  );
}

export function referenceSelect(inputs: Inputs): ReferenceArray {
  const [condition, a, b] = [required(inputs, 0), required(inputs, 1), required(inputs, 2)];
  const shape = broadcastShape(condition.shape, a.shape, b.shape);
  return build(shape, widest([a, b]), (place) =>
    atBroadcast(atBroadcast(condition, place) !== 0 ? a : b, place),
  );
}
