import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { UnaryFunction } from '../../../graph/operators/activation';
import type {
  CompareOperator,
  LogicalOperator,
  MergeOperator,
} from '../../../graph/operators/elementwise';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { valueTypeOf } from './valueTypes';

/** A vector along one axis of a value of that rank. */
export function alignAxis(
  node: NodeContext,
  x: LoweredValue,
  axis: number,
  rank: number,
): LoweredValue {
  const shape = node.shape(x);
  const after = rank - axis - shape.length;
  if (after <= 0) return x;
  // One open size at most can be moved.
  return node.reshape(x, [...shape.map((size) => (size < 0 ? -1 : size)), ...ones(after)]);
}

function ones(count: number): readonly number[] {
  return new Array<number>(count).fill(1);
}

/** Two inputs; before opset 7 the second was placed at an axis of the first. */
function operands(node: NodeContext): readonly [LoweredValue, LoweredValue] {
  const [a, b] = [node.input(0), node.input(1)];
  const axis = node.opset < 7 ? node.attribute('axis')?.int : null;
  if (axis === null || axis === undefined) return [a, b];
  const rank = node.shape(a).length;
  return [a, alignAxis(node, b, node.axis(axis, rank), rank)];
}

const binary =
  (mode: MergeOperator['mode']): LowerNode =>
  (node) =>
    node.merge(mode, ...operands(node));

/** Integers are divided towards zero. */
const divide: LowerNode = (node) => {
  const [a, b] = operands(node);
  const isWhole = node.facts(a).type === 'int32';
  return node.merge(isWhole ? 'truncateDivide' : 'divide', a, b);
};

const modulo: LowerNode = (node) => {
  const mode = node.int('fmod', 0) === 0 ? 'modulo' : 'remainder';
  return node.merge(mode, node.input(0), node.input(1));
};

/** The exponent may be of another type; the result is of the base's. */
const power: LowerNode = (node) => {
  const [base, exponent] = operands(node);
  return node.merge('power', base, node.cast(exponent, node.facts(base).type));
};

const variadic =
  (mode: MergeOperator['mode']): LowerNode =>
  (node) => {
    const inputs = node.inputs();
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined) return node.emit({ kind: 'identity' }, only);
    return node.merge(mode, ...inputs);
  };

const mean: LowerNode = (node) => {
  const inputs = node.inputs();
  return node.merge('divide', node.merge('add', ...inputs), node.scalar(inputs.length));
};

const unary =
  (name: UnaryFunction): LowerNode =>
  (node) =>
    node.unary(name, node.input(0));

const compare =
  (mode: CompareOperator['mode']): LowerNode =>
  (node) =>
    node.emit({ kind: 'compare', mode }, ...operands(node));

const logical =
  (mode: LogicalOperator['mode']): LowerNode =>
  (node) =>
    node.emit({ kind: 'logical', mode }, ...operands(node));

/** Between floats of any width nothing changes: the executor computes in float32. */
const cast: LowerNode = (node) => node.cast(node.input(0), valueTypeOf(node.int('to', 1)));

const isInf: LowerNode = (node) => {
  const x = node.input(0);
  const infinite = node.unary('isInf', x);
  const [positive, negative] = [node.int('detect_positive', 1), node.int('detect_negative', 1)];
  if (positive !== 0 && negative !== 0) return infinite;
  const mode = positive === 0 ? 'less' : 'greater';
  if (positive === 0 && negative === 0) {
    return node.emit({ kind: 'logical', mode: 'xor' }, infinite, infinite);
  }
  const side = node.emit({ kind: 'compare', mode }, x, node.scalar(0));
  return node.emit({ kind: 'logical', mode: 'and' }, infinite, side);
};

/** Element by element. Source: Operators.md of ONNX 1.23. */
export const ARITHMETIC: LoweringTable = {
  Add: binary('add'),
  Sub: binary('subtract'),
  Mul: binary('multiply'),
  Div: divide,
  Mod: modulo,
  Pow: power,
  Sum: variadic('add'),
  Max: variadic('maximum'),
  Min: variadic('minimum'),
  Mean: mean,
  Abs: unary('abs'),
  Acos: unary('acos'),
  Acosh: unary('acosh'),
  Asin: unary('asin'),
  Asinh: unary('asinh'),
  Atan: unary('atan'),
  Atanh: unary('atanh'),
  Ceil: unary('ceil'),
  Cos: unary('cos'),
  Cosh: unary('cosh'),
  Erf: unary('erf'),
  Exp: (node) => node.activation({ name: 'exponential' }, node.input(0)),
  Floor: unary('floor'),
  IsNaN: unary('isNaN'),
  IsInf: isInf,
  Log: unary('log'),
  Neg: unary('negate'),
  Not: unary('not'),
  Reciprocal: unary('reciprocal'),
  Round: unary('round'),
  Sign: unary('sign'),
  Sin: unary('sin'),
  Sinh: unary('sinh'),
  Sqrt: unary('sqrt'),
  Tan: unary('tan'),
  Equal: compare('equal'),
  Greater: compare('greater'),
  GreaterOrEqual: compare('greaterOrEqual'),
  Less: compare('less'),
  LessOrEqual: compare('lessOrEqual'),
  And: logical('and'),
  Or: logical('or'),
  Xor: logical('xor'),
  Where: (node) => node.emit({ kind: 'select' }, node.input(0), node.input(1), node.input(2)),
  Cast: cast,
  CastLike: (node) => node.cast(node.input(0), node.facts(node.input(1)).type),
};
