import type { ActivationFunction, UnaryFunction } from '../../../graph/operators/activation';
import type { CompareOperator, MergeOperator } from '../../../graph/operators/elementwise';
import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode, NodeContext } from './nodeContext';
import { valueTypeOfName } from './valueTypes';

const UNARY: Readonly<Record<string, UnaryFunction>> = {
  Abs: 'abs',
  Acos: 'acos',
  Acosh: 'acosh',
  Asin: 'asin',
  Asinh: 'asinh',
  Atan: 'atan',
  Atanh: 'atanh',
  Ceil: 'ceil',
  Cos: 'cos',
  Cosh: 'cosh',
  Erf: 'erf',
  Expm1: 'expm1',
  Floor: 'floor',
  IsInf: 'isInf',
  IsNan: 'isNaN',
  Log: 'log',
  Log1p: 'log1p',
  LogicalNot: 'not',
  Neg: 'negate',
  Reciprocal: 'reciprocal',
  Inv: 'reciprocal',
  Round: 'round',
  Rint: 'round',
  Rsqrt: 'rsqrt',
  Sign: 'sign',
  Sin: 'sin',
  Sinh: 'sinh',
  Sqrt: 'sqrt',
  Square: 'square',
  Tan: 'tan',
};

const BINARY: Readonly<Record<string, MergeOperator['mode']>> = {
  Add: 'add',
  AddV2: 'add',
  AddN: 'add',
  Sub: 'subtract',
  Mul: 'multiply',
  RealDiv: 'divide',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Pow: 'power',
  FloorDiv: 'floorDivide',
  FloorMod: 'modulo',
  Mod: 'remainder',
  TruncateMod: 'remainder',
  SquaredDifference: 'squaredDifference',
  Atan2: 'atan2',
};

const COMPARISONS: Readonly<Record<string, CompareOperator['mode']>> = {
  Equal: 'equal',
  NotEqual: 'notEqual',
  Greater: 'greater',
  GreaterEqual: 'greaterOrEqual',
  Less: 'less',
  LessEqual: 'lessOrEqual',
};

const relu = { name: 'relu', max: null, negativeSlope: 0, threshold: 0 } as const;

const ACTIVATIONS: Readonly<Record<string, ActivationFunction>> = {
  Relu: relu,
  Relu6: { ...relu, max: 6 },
  Elu: { name: 'elu', alpha: 1 },
  Selu: { name: 'selu' },
  Sigmoid: { name: 'sigmoid' },
  Tanh: { name: 'tanh' },
  Softplus: { name: 'softplus' },
  Softsign: { name: 'softsign' },
  Softmax: { name: 'softmax', axis: -1 },
  LogSoftmax: { name: 'logSoftmax', axis: -1 },
  Exp: { name: 'exponential' },
};

/**
 * What a fused operation does to its result, or an operation to its input.
 * @returns null for a function that is not known by its name alone
 */
export function activationOf(op: string, node: NodeContext): ActivationFunction | null {
  if (op === 'LeakyRelu') {
    const { attributes } = node;
    const slope = attributes.float('leakyrelu_alpha', attributes.float('alpha', 0.2));
    return { ...relu, negativeSlope: slope };
  }
  return Object.hasOwn(ACTIVATIONS, op) ? (ACTIVATIONS[op] ?? null) : null;
}

const activation: LowerNode = (node) => {
  const known = activationOf(node.node.op, node);
  if (known === null) throw node.unsupported('a function of its own', 'known functions');
  return node.activate(known, node.input(0));
};

/** Integers are divided towards zero, as TensorFlow's Div does. */
const divide: LowerNode = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  const isInteger = node.facts(a).type === 'int32';
  return node.merge(isInteger ? 'truncateDivide' : 'divide', a, b);
};

/** 0 where the divisor is 0. */
const divideNoNan: LowerNode = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  const zero = node.assembler.scalar(0);
  const isZero = node.emit({ kind: 'compare', mode: 'equal' }, b, zero);
  const safe = node.emit({ kind: 'select' }, isZero, node.assembler.scalar(1), b);
  return node.emit({ kind: 'select' }, isZero, zero, node.merge('divide', a, safe));
};

/** 1 - erf. */
const complementaryError: LowerNode = (node) => {
  const error = node.emit({ kind: 'unary', function: 'erf' }, node.input(0));
  return node.merge('subtract', node.assembler.scalar(1), error);
};

const prelu: LowerNode = (node) => node.emit({ kind: 'prelu' }, node.input(0), node.input(1));

const clip: LowerNode = (node) => {
  const [min, max] = [node.number(1), node.number(2)];
  return node.activate({ name: 'clip', min, max }, node.input(0));
};

const cast: LowerNode = (node) =>
  node.emit({ kind: 'cast', to: valueTypeOfName(node.attributes.type('DstT')) }, node.input(0));

/** A condition of one axis chooses whole samples. */
const select: LowerNode = (node) => {
  const [condition, yes, no] = [node.input(0), node.input(1), node.input(2)];
  const rank = node.shape(yes).length;
  const own = node.shape(condition);
  const chosen =
    node.node.op === 'Select' && own.length === 1 && rank > 1
      ? node.withSizes(condition, [...own, ...new Array<number>(rank - 1).fill(1)])
      : condition;
  return node.emit({ kind: 'select' }, chosen, yes, no);
};

function filledLike(element: number): LowerNode {
  return (node) => {
    const { shape, type } = node.facts(node.input(0));
    const sizes = shape.map((size) => (size < 0 ? null : size));
    return node.assembler.uniform({ shape: sizes, type, element }, node.layer);
  };
}

const passOn: LowerNode = (node) => node.input(0);

const passAllOn: LowerNode = (node) => node.inputs;

function entries<T>(
  table: Readonly<Record<string, T>>,
  make: (entry: T) => LowerNode,
): LoweringTable {
  return Object.fromEntries(Object.entries(table).map(([op, entry]) => [op, make(entry)]));
}

function compared(mode: CompareOperator['mode']): LowerNode {
  return (node) => node.emit({ kind: 'compare', mode }, node.input(0), node.input(1));
}

function logic(mode: 'and' | 'or'): LowerNode {
  return (node) => node.emit({ kind: 'logical', mode }, node.input(0), node.input(1));
}

function merged(mode: MergeOperator['mode']): LowerNode {
  return (node) => {
    const inputs: readonly LoweredValue[] = [node.input(0), ...node.inputs.slice(1)];
    return inputs.length === 1 ? inputs : node.merge(mode, ...inputs);
  };
}

/** Source: arithmetic.json, basic_math.json and logical.json of tfjs-converter 4.22. */
export const ELEMENTWISE: LoweringTable = {
  ...entries(
    UNARY,
    (name): LowerNode =>
      (node) =>
        node.emit({ kind: 'unary', function: name }, node.input(0)),
  ),
  ...entries(BINARY, merged),
  ...entries(COMPARISONS, compared),
  ...entries(ACTIVATIONS, () => activation),
  LeakyRelu: activation,
  LogicalAnd: logic('and'),
  LogicalOr: logic('or'),
  Div: divide,
  DivNoNan: divideNoNan,
  Erfc: complementaryError,
  Prelu: prelu,
  ClipByValue: clip,
  Cast: cast,
  Select: select,
  SelectV2: select,
  ZerosLike: filledLike(0),
  OnesLike: filledLike(1),
  Identity: passOn,
  IdentityN: passAllOn,
  StopGradient: passOn,
  PreventGradient: passOn,
  Snapshot: passOn,
  ReadVariableOp: passOn,
  PlaceholderWithDefault: passOn,
};
