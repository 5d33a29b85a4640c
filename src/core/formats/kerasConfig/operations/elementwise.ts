import type { UnaryFunction } from '../../../graph/operators/activation';
import type {
  CompareOperator,
  LogicalOperator,
  MergeOperator,
} from '../../../graph/operators/elementwise';
import { kerasActivation } from '../../../graph/kerasActivations';
import type { LayerContext, LayerFunction } from '../layerContext';
import { axesSetting, booleanSetting, operand, operands, setting } from './operands';

const UNARY: Readonly<Record<string, UnaryFunction>> = {
  Abs: 'abs',
  Absolute: 'abs',
  Arccos: 'acos',
  Arccosh: 'acosh',
  Arcsin: 'asin',
  Arcsinh: 'asinh',
  Arctan: 'atan',
  Arctanh: 'atanh',
  Ceil: 'ceil',
  Cos: 'cos',
  Cosh: 'cosh',
  Erf: 'erf',
  Expm1: 'expm1',
  Floor: 'floor',
  Isinf: 'isInf',
  Isnan: 'isNaN',
  Log: 'log',
  Log1p: 'log1p',
  Negative: 'negate',
  Reciprocal: 'reciprocal',
  Round: 'round',
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
  Subtract: 'subtract',
  Multiply: 'multiply',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Power: 'power',
  FloorDivide: 'floorDivide',
  Mod: 'modulo',
  SquaredDifference: 'squaredDifference',
};

/** Functions whose result has a fraction, also of integers. */
const FRACTIONAL: Readonly<Record<string, MergeOperator['mode']>> = {
  Divide: 'divide',
  TrueDivide: 'divide',
  Arctan2: 'atan2',
};

const COMPARISONS: Readonly<Record<string, CompareOperator['mode']>> = {
  Equal: 'equal',
  NotEqual: 'notEqual',
  Greater: 'greater',
  GreaterEqual: 'greaterOrEqual',
  Less: 'less',
  LessEqual: 'lessOrEqual',
};

const LOGIC: Readonly<Record<string, LogicalOperator['mode']>> = {
  LogicalAnd: 'and',
  LogicalOr: 'or',
  LogicalXor: 'xor',
};

/** Functions of keras.ops.nn that take nothing but x, by the names that layers know them by. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Sigmoid: 'sigmoid',
  SparseSigmoid: 'sparse_sigmoid',
  Softplus: 'softplus',
  Softsign: 'softsign',
  Silu: 'silu',
  Swish: 'silu',
  LogSigmoid: 'log_sigmoid',
  HardSigmoid: 'hard_sigmoid',
  HardSilu: 'hard_silu',
  Selu: 'selu',
  Squareplus: 'squareplus',
  SquarePlus: 'squareplus',
  SparsePlus: 'sparse_plus',
  Tanh: 'tanh',
  TanhShrink: 'tanh_shrink',
  HardTanh: 'hard_tanh',
  Exp: 'exponential',
};

const XY = ['x1', 'x2'];

/** Numbers that come as whole ones are not meant so where a fraction comes out. */
function floating(layer: LayerContext): string {
  return layer.cast(operand(layer, 0, 'x'), 'float32');
}

const KEEPS_INTEGERS: ReadonlySet<UnaryFunction> = new Set(['abs', 'negate', 'sign', 'square']);

function unary(name: UnaryFunction): LayerFunction {
  return (layer) => {
    const x = KEEPS_INTEGERS.has(name) ? operand(layer, 0, 'x') : floating(layer);
    return layer.unary(name, x);
  };
}

function binary(mode: MergeOperator['mode'], isFractional: boolean): LayerFunction {
  return (layer) => layer.merge(mode, ...operands(layer, XY, isFractional ? 'float32' : 'int32'));
}

function comparison(mode: CompareOperator['mode']): LayerFunction {
  return (layer) => layer.emit({ kind: 'compare', mode }, operands(layer, XY, 'int32'));
}

function logic(mode: LogicalOperator['mode']): LayerFunction {
  return (layer) => {
    const inputs = XY.map((name, i) => layer.cast(operand(layer, i, name), 'bool'));
    return layer.emit({ kind: 'logical', mode }, inputs);
  };
}

function activation(name: string): LayerFunction {
  return (layer) => {
    const known = kerasActivation(name, 3);
    if (known === null) throw layer.unsupported(name, 'functions of Keras');
    return layer.activate(known, floating(layer));
  };
}

function numberSetting(layer: LayerContext, name: string, fallback: number): number {
  const value = setting(layer, name) ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw layer.unsupported(`${name} other than a number`, 'a number');
}

const clip: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const [low, high] = [setting(layer, 'x_min', 1), setting(layer, 'x_max', 2)];
  if (typeof low === 'number' && typeof high === 'number') {
    return layer.activate({ name: 'clip', min: low, max: high }, x);
  }
  throw layer.unsupported('bounds other than numbers', 'numbers');
};

const where: LayerFunction = (layer) => {
  const condition = layer.cast(operand(layer, 0, 'condition'), 'bool');
  const [yes, no] = [operand(layer, 1, 'x1'), operand(layer, 2, 'x2')];
  const isFloat = [yes, no].some((value) => layer.type(value) === 'float32');
  const type = isFloat ? 'float32' : layer.type(yes);
  return layer.select(condition, layer.cast(yes, type), layer.cast(no, type));
};

const cast: LayerFunction = (layer) => {
  const dtype = setting(layer, 'dtype', 1);
  const x = operand(layer, 0, 'x');
  if (dtype === 'bool') return layer.cast(x, 'bool');
  const isInteger = typeof dtype === 'string' && /^u?int/.test(dtype);
  return layer.emit({ kind: 'cast', to: isInteger ? 'int32' : 'float32' }, [x]);
};

const softmax =
  (name: 'softmax' | 'logSoftmax'): LayerFunction =>
  (layer) => {
    const [axis = -1, ...more] = axesSetting(layer, 'axis', 1) ?? [-1];
    if (more.length > 0) throw layer.unsupported('several axes', 'one axis');
    return layer.activate({ name, axis }, floating(layer));
  };

/** log(exp(x1) + exp(x2)), without an overflow. */
const logAddExp: LayerFunction = (layer) => {
  const [a = '', b = ''] = operands(layer, XY, 'float32');
  const distance = layer.unary('abs', layer.merge('subtract', a, b));
  const rest = layer.unary(
    'log1p',
    layer.activate({ name: 'exponential' }, layer.unary('negate', distance)),
  );
  return layer.merge('add', layer.merge('maximum', a, b), rest);
};

function entries<T>(
  table: Readonly<Record<string, T>>,
  make: (entry: T) => LayerFunction,
): Readonly<Record<string, LayerFunction>> {
  return Object.fromEntries(Object.entries(table).map(([name, entry]) => [name, make(entry)]));
}

export const elementwiseOperations: Readonly<Record<string, LayerFunction>> = {
  ...entries(UNARY, unary),
  ...entries(BINARY, (mode) => binary(mode, false)),
  ...entries(FRACTIONAL, (mode) => binary(mode, true)),
  ...entries(COMPARISONS, comparison),
  ...entries(LOGIC, logic),
  ...entries(ACTIVATIONS, activation),
  LogicalNot: (layer) => layer.unary('not', layer.cast(operand(layer, 0, 'x'), 'bool')),
  Logaddexp: logAddExp,
  Clip: clip,
  Where: where,
  Cast: cast,
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('logSoftmax'),
  Elu: (layer) =>
    layer.activate({ name: 'elu', alpha: numberSetting(layer, 'alpha', 1) }, floating(layer)),
  Celu: (layer) =>
    layer.activate({ name: 'celu', alpha: numberSetting(layer, 'alpha', 1) }, floating(layer)),
  Gelu: (layer) => {
    const approximate = booleanSetting(layer, 'approximate', true);
    return layer.activate({ name: 'gelu', approximate }, floating(layer));
  },
  LeakyRelu: (layer) => {
    const negativeSlope = numberSetting(layer, 'negative_slope', 0.2);
    const relu = { name: 'relu', max: null, negativeSlope, threshold: 0 } as const;
    return layer.activate(relu, floating(layer));
  },
  Glu: (layer) => {
    const axis = numberSetting(layer, 'axis', -1);
    return layer.activate({ name: 'glu', axis }, floating(layer));
  },
  SoftShrink: (layer) => {
    const threshold = numberSetting(layer, 'threshold', 0.5);
    return layer.activate({ name: 'softShrink', threshold }, floating(layer));
  },
  HardShrink: (layer) => {
    const threshold = numberSetting(layer, 'threshold', 0.5);
    return layer.activate({ name: 'hardShrink', threshold }, floating(layer));
  },
};
