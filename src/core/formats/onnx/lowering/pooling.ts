import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { PoolOperator } from '../../../graph/operators/pooling';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { perAxis, windowsOf } from './windows';

/** A pool with the windows that the node says. @throws UnsupportedError for more than two spatial axes. */
export function poolOf(
  node: NodeContext,
  mode: PoolOperator['mode'],
  includePadding: boolean,
): PoolOperator {
  const rank = node.ints('kernel_shape')?.length ?? 0;
  const windows = windowsOf(node, rank);
  const size = perAxis(node, 'kernel_shape', rank);
  const ceil = node.int('ceil_mode', 0) !== 0;
  return { kind: 'pool', mode, size, ceil, includePadding, ...windows };
}

const maxPool: LowerNode = (node) => {
  if (node.hasOutput(1)) throw node.unsupported('indices as second output', 'the maxima alone');
  return node.emit(poolOf(node, 'max', false), node.input(0));
};

const averagePool: LowerNode = (node) =>
  node.emit(poolOf(node, 'average', node.int('count_include_pad', 0) !== 0), node.input(0));

/** The p-norm of each window, by the mean of its powers. */
const lpPool: LowerNode = (node) => {
  const operator = poolOf(node, 'average', true);
  const { padding } = operator;
  // Windows that reach beyond the padding are averaged over fewer elements.
  if (operator.ceil || padding === 'same' || padding === 'sameLower') {
    throw node.unsupported('windows of different sizes', 'given padding without ceil_mode');
  }
  const count = operator.size.reduce((product, length) => product * length, 1);
  const p = node.int('p', 2);
  const powers = powerOf(node, node.unary('abs', node.input(0)), p);
  const sums = node.merge('multiply', node.emit(operator, powers), node.scalar(count));
  return powerOf(node, sums, 1 / p);
};

function powerOf(node: NodeContext, x: LoweredValue, exponent: number): LoweredValue {
  return exponent === 1 ? x : node.merge('power', x, node.scalar(exponent));
}

const globalPool =
  (mode: PoolOperator['mode']): LowerNode =>
  (node) =>
    node.emit(
      { kind: 'globalPool', mode, dataFormat: 'channelsFirst', keepDims: true },
      node.input(0),
    );

const globalLpPool: LowerNode = (node) => {
  const x = node.input(0);
  const p = node.int('p', 2);
  const axes = node.shape(x).flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  const sums = node.reduce('sum', powerOf(node, node.unary('abs', x), p), axes);
  return powerOf(node, sums, 1 / p);
};

/** Source: Operators.md of ONNX 1.23. */
export const POOLING: LoweringTable = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: lpPool,
  GlobalAveragePool: globalPool('average'),
  GlobalMaxPool: globalPool('max'),
  GlobalLpPool: globalLpPool,
};
