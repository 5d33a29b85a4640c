import type { ReduceOperator } from '../../../graph/operators/reduction';
import { lowerEinsum } from '../../../graph/lowering/lowerEinsum';
import { describeJson } from '../../parseJson';
import type { LayerFunction } from '../layerContext';
import {
  axesSetting,
  booleanSetting,
  integerSetting,
  operand,
  operands,
  setting,
} from './operands';

const REDUCTIONS: Readonly<Record<string, ReduceOperator['mode']>> = {
  Sum: 'sum',
  Mean: 'mean',
  Max: 'max',
  Amax: 'max',
  Min: 'min',
  Amin: 'min',
  Prod: 'prod',
  Var: 'variance',
  Logsumexp: 'logSumExp',
  Any: 'any',
  All: 'all',
};

const FRACTIONAL: ReadonlySet<string> = new Set(['mean', 'variance', 'logSumExp']);

function reduction(mode: ReduceOperator['mode']): LayerFunction {
  return (layer) => {
    const given = operand(layer, 0, 'x');
    const isLogic = mode === 'any' || mode === 'all';
    const x = isLogic
      ? layer.cast(given, 'bool')
      : FRACTIONAL.has(mode)
        ? layer.cast(given, 'float32')
        : given;
    const axes = axesSetting(layer, 'axis', 1);
    return layer.reduce(mode, x, axes, booleanSetting(layer, 'keepdims', false));
  };
}

const std: LayerFunction = (layer) => layer.unary('sqrt', String(reduction('variance')(layer)));

function argReduction(mode: 'max' | 'min'): LayerFunction {
  return (layer) => {
    const axis = integerSetting(layer, 'axis', { position: 1 });
    const keepDims = booleanSetting(layer, 'keepdims', false);
    return layer.emit({ kind: 'argReduce', mode, axis, keepDims, last: false }, [
      operand(layer, 0, 'x'),
    ]);
  };
}

function cumulation(mode: 'sum' | 'prod'): LayerFunction {
  return (layer) => {
    const axis = integerSetting(layer, 'axis', { position: 1 });
    const operator = { kind: 'cumulate', mode, axis, exclusive: false, reverse: false } as const;
    return layer.emit(operator, [operand(layer, 0, 'x')]);
  };
}

const topK: LayerFunction = (layer) => {
  const k = integerSetting(layer, 'k', { position: 1 });
  return layer.emitAll({ kind: 'topK', k, axis: -1, largest: true }, [operand(layer, 0, 'x')], 2);
};

const matmul: LayerFunction = (layer) => {
  const [a = '', b = ''] = operands(layer, ['x1', 'x2'], 'float32');
  if (layer.rank(a) >= 2 && layer.rank(b) >= 2) return layer.matMul(a, b);
  throw layer.unsupported('an operand of one axis', 'two axes or more');
};

const einsum: LayerFunction = (layer) => {
  const equation = setting(layer, 'subscripts', 0);
  if (typeof equation !== 'string') throw layer.unsupported('no subscripts', 'an equation');
  return lowerEinsum(layer, equation, layer.assertInputCount(1));
};

/** Divided by the Euclidean length along an axis. Source: keras.ops.normalize of Keras 3.15. */
const normalize: LayerFunction = (layer) => {
  const x = layer.cast(operand(layer, 0, 'x'), 'float32');
  if (integerSetting(layer, 'order', { fallback: 2 }) !== 2) {
    throw layer.unsupported('an order other than 2', '2');
  }
  const least = setting(layer, 'epsilon') ?? 1e-12;
  if (typeof least !== 'number') throw layer.unsupported('epsilon other than a number', 'a number');
  const squares = layer.reduce('sumSquare', x, axesSetting(layer, 'axis') ?? [-1], true);
  const kept = layer.merge('maximum', squares, layer.scalar(least));
  return layer.merge('multiply', x, layer.unary('rsqrt', kept));
};

/** Vector norms, and the Frobenius norm of two axes or of all. Source: norm of Keras 3.15, linalg.py. */
const norm: LayerFunction = (layer) => {
  const x = layer.cast(operand(layer, 0, 'x'), 'float32');
  const axes = axesSetting(layer, 'axis', 2);
  const keepDims = booleanSetting(layer, 'keepdims', false);
  const order = setting(layer, 'ord', 1);
  const isVector = (axes?.length ?? layer.rank(x)) === 1;
  if (order === undefined || order === (isVector ? 2 : 'fro')) {
    return layer.reduce('l2', x, axes, keepDims);
  }
  if (isVector && order === 1) return layer.reduce('l1', x, axes, keepDims);
  if (isVector && typeof order === 'number' && order > 0 && Number.isFinite(order)) {
    const powers = layer.merge('power', layer.unary('abs', x), layer.scalar(order));
    const sum = layer.reduce('sum', powers, axes, keepDims);
    return layer.merge('power', sum, layer.scalar(1 / order));
  }
  const found = `ord ${describeJson(order)} over ${axes?.length ?? layer.rank(x)} axes`;
  throw layer.unsupported(found, 'vector norms, the Frobenius norm');
};

/** The mean, or what weights make of it. */
const average: LayerFunction = (layer) => {
  const x = layer.cast(operand(layer, 0, 'x'), 'float32');
  const axes = axesSetting(layer, 'axis', 1);
  if (layer.argument(2, 'weights') === undefined) return layer.reduce('mean', x, axes);
  const weights = layer.cast(operand(layer, 2, 'weights'), 'float32');
  if (layer.rank(weights) !== layer.rank(x)) {
    throw layer.unsupported('weights with fewer axes', 'weights of the same shape');
  }
  const sum = layer.reduce('sum', layer.merge('multiply', x, weights), axes);
  return layer.merge('divide', sum, layer.reduce('sum', weights, axes));
};

const countNonzero: LayerFunction = (layer) => {
  const present = layer.cast(layer.cast(operand(layer, 0, 'x'), 'bool'), 'int32');
  return layer.reduce('sum', present, axesSetting(layer, 'axis', 1));
};

export const reductionOperations: Readonly<Record<string, LayerFunction>> = {
  ...Object.fromEntries(Object.entries(REDUCTIONS).map(([name, mode]) => [name, reduction(mode)])),
  Std: std,
  Argmax: argReduction('max'),
  Argmin: argReduction('min'),
  Cumsum: cumulation('sum'),
  Cumprod: cumulation('prod'),
  TopK: topK,
  Matmul: matmul,
  Dot: matmul,
  Einsum: einsum,
  Normalize: normalize,
  Norm: norm,
  Average: average,
  CountNonzero: countNonzero,
};
