import type { ElementType } from '../graph';
import type { UnaryFunction } from '../operators/activation';
import type { CompareOperator, LogicalOperator, MergeOperator } from '../operators/elementwise';
import { broadcastShapes } from '../shapes/broadcast';
import type { Misfit } from '../shapes/valueFacts';
import { type HostElement, hostCount, type HostValue } from './hostValue';
import { broadcastIndex } from './hostStrides';

type Binary = (a: number, b: number) => number;

const COMPARISONS: Readonly<Record<CompareOperator['mode'], Binary>> = {
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(a !== b),
  greater: (a, b) => Number(a > b),
  greaterOrEqual: (a, b) => Number(a >= b),
  less: (a, b) => Number(a < b),
  lessOrEqual: (a, b) => Number(a <= b),
};

const LOGIC: Readonly<Record<LogicalOperator['mode'], Binary>> = {
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
  xor: (a, b) => Number((a !== 0) !== (b !== 0)),
};

const MERGES: Readonly<Record<MergeOperator['mode'], Binary>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  // Only of two; the caller divides sums of more.
  average: (a, b) => (a + b) / 2,
  maximum: Math.max,
  minimum: Math.min,
  power: (a, b) => a ** b,
  modulo: (a, b) => a - b * Math.floor(a / b),
  remainder: (a, b) => a % b,
  floorDivide: (a, b) => Math.floor(a / b),
  truncateDivide: (a, b) => Math.trunc(a / b),
  squaredDifference: (a, b) => (a - b) ** 2,
  atan2: Math.atan2,
};

const UNARY: Partial<Readonly<Record<UnaryFunction, (x: number) => number>>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  log: Math.log,
  negate: (x) => -x,
  not: (x) => Number(x === 0),
  reciprocal: (x) => 1 / x,
  round: roundHalfEven,
  rsqrt: (x) => 1 / Math.sqrt(x),
  sign: Math.sign,
  sqrt: Math.sqrt,
  square: (x) => x * x,
};

/** Two arrays element by element, broadcast as in NumPy. */
export function mergeHost(
  mode: MergeOperator['mode'],
  [a, b]: readonly [HostValue, HostValue],
  misfit: Misfit,
): HostValue {
  return combine([a, b], { apply: MERGES[mode], type: a.type }, misfit);
}

/** As {@link mergeHost}; gives bool. */
export function compareHost(
  mode: CompareOperator['mode'] | LogicalOperator['mode'],
  operands: readonly [HostValue, HostValue],
  misfit: Misfit,
): HostValue {
  const apply = mode === 'and' || mode === 'or' || mode === 'xor' ? LOGIC[mode] : COMPARISONS[mode];
  return combine(operands, { apply, type: 'bool' }, misfit);
}

function combine(
  [a, b]: readonly [HostValue, HostValue],
  { apply, type }: { readonly apply: Binary; readonly type: ElementType },
  misfit: Misfit,
): HostValue {
  const shape = broadcastShapes(a.shape, b.shape, 'leading', misfit);
  const count = hostCount(shape, misfit);
  const [first, second] = [broadcastIndex(a.shape, shape), broadcastIndex(b.shape, shape)];
  const elements = Array.from({ length: count }, (_, i): HostElement => {
    const [x = null, y = null] = [a.elements[first(i)], b.elements[second(i)]];
    return x === null || y === null ? null : stored(apply(x, y), type);
  });
  return { shape, type, elements };
}

/** The second where the condition holds, the third elsewhere. */
export function selectHost(
  [condition, whereTrue, whereFalse]: readonly [HostValue, HostValue, HostValue],
  misfit: Misfit,
): HostValue {
  const values = broadcastShapes(whereTrue.shape, whereFalse.shape, 'leading', misfit);
  const shape = broadcastShapes(condition.shape, values, 'leading', misfit);
  const count = hostCount(shape, misfit);
  const at = [condition, whereTrue, whereFalse].map((one) => broadcastIndex(one.shape, shape));
  const read = (one: HostValue, input: number, i: number): HostElement =>
    one.elements[at[input]?.(i) ?? 0] ?? null;
  const elements = Array.from({ length: count }, (_, i): HostElement => {
    const [yes, no] = [read(whereTrue, 1, i), read(whereFalse, 2, i)];
    const chosen = read(condition, 0, i);
    // Where both are the same the condition does not matter.
    if (chosen === null) return yes === no ? yes : null;
    return chosen === 0 ? no : yes;
  });
  return { shape, type: whereTrue.type, elements };
}

/** To integers towards zero, to bool as not zero. */
export function castHost(value: HostValue, to: ElementType): HostValue {
  const cast = (x: HostElement): HostElement => (x === null ? null : stored(x, to));
  return { ...value, type: to, elements: value.elements.map(cast) };
}

/** Null where the function is none that is computed with sizes. */
export function unaryHost(name: UnaryFunction, value: HostValue): HostValue | null {
  const apply = UNARY[name];
  if (apply === undefined) return null;
  const type = name === 'not' ? 'bool' : value.type;
  const elements = value.elements.map((x) => (x === null ? null : stored(apply(x), type)));
  return { ...value, type, elements };
}

/** As an element of that type: float32 is rounded, as the executor would. */
function stored(x: number, type: ElementType): number {
  if (type === 'bool') return Number(x !== 0);
  return type === 'int32' ? Math.trunc(x) : Math.fround(x);
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
