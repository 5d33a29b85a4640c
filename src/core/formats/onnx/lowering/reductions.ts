import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { ReduceOperator } from '../../../graph/operators/reduction';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

/** Axes are an attribute in older operator sets, an input in newer ones. */
const reduction =
  (mode: ReduceOperator['mode']): LowerNode =>
  (node) => {
    const x = node.input(0);
    const axes = node.numbers(1) ?? node.ints('axes') ?? [];
    const keepDims = node.int('keepdims', 1) !== 0;
    if (axes.length === 0 && node.int('noop_with_empty_axes', 0) !== 0)
      return ofEach(node, mode, x);
    const of = node.facts(x).type === 'bool' ? BOOL_MODES[mode] : mode;
    return node.reduce(of ?? mode, x, axes.length === 0 ? null : axes, keepDims);
  };

const BOOL_MODES: Partial<Readonly<Record<ReduceOperator['mode'], ReduceOperator['mode']>>> = {
  max: 'any',
  min: 'all',
};

/** Without any axes each element is reduced by itself. */
function ofEach(node: NodeContext, mode: ReduceOperator['mode'], x: LoweredValue): LoweredValue {
  switch (mode) {
    case 'l1':
    case 'l2':
      return node.unary('abs', x);
    case 'sumSquare':
      return node.unary('square', x);
    case 'logSum':
      return node.unary('log', x);
    default:
      return node.emit({ kind: 'identity' }, x);
  }
}

const argReduce =
  (mode: 'max' | 'min'): LowerNode =>
  (node) => {
    const x = node.input(0);
    const axis = node.axis(node.int('axis', 0), node.shape(x).length);
    const keepDims = node.int('keepdims', 1) !== 0;
    const last = node.int('select_last_index', 0) !== 0;
    return node.emit({ kind: 'argReduce', mode, axis, keepDims, last }, x);
  };

const topK: LowerNode = (node) => {
  const x = node.input(0);
  const k = node.opset < 10 ? node.int('k', 0) : node.number(1);
  if (k === null || k < 0) throw node.unsupported('no k', 'how many are wanted');
  const shape = node.shape(x);
  const axis = node.axis(node.int('axis', -1), shape.length);
  const length = shape[axis] ?? -1;
  if (length >= 0 && k > length) throw node.unsupported(`k ${k}`, `at most ${length}`);
  const largest = node.int('largest', 1) !== 0;
  return node.emitAll({ kind: 'topK', k, axis, largest }, [x]);
};

const cumulate =
  (mode: 'sum' | 'prod'): LowerNode =>
  (node) => {
    const x = node.input(0);
    const axis = node.axis(node.number(1) ?? 0, node.shape(x).length);
    const exclusive = node.int('exclusive', 0) !== 0;
    return node.emit(
      { kind: 'cumulate', mode, axis, exclusive, reverse: node.int('reverse', 0) !== 0 },
      x,
    );
  };

/** Source: Operators.md of ONNX 1.23. */
export const REDUCTIONS: LoweringTable = {
  ReduceSum: reduction('sum'),
  ReduceMean: reduction('mean'),
  ReduceMax: reduction('max'),
  ReduceMin: reduction('min'),
  ReduceProd: reduction('prod'),
  ReduceL1: reduction('l1'),
  ReduceL2: reduction('l2'),
  ReduceSumSquare: reduction('sumSquare'),
  ReduceLogSum: reduction('logSum'),
  ReduceLogSumExp: reduction('logSumExp'),
  ArgMax: argReduce('max'),
  ArgMin: argReduce('min'),
  TopK: topK,
  CumSum: cumulate('sum'),
  CumProd: cumulate('prod'),
};
