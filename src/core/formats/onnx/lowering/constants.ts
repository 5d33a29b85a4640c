import { hostCount, hostVector } from '../../../graph/lowering/hostValue';
import { hostResult, type LoweredValue } from '../../../graph/lowering/loweredValue';
import { rangeHost } from '../../../graph/lowering/hostArrays';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { valueTypeOf } from './valueTypes';

/** A Constant whose value is a number or a list; tensors are seen to before. */
const constant: LowerNode = (node) => {
  const float = node.attribute('value_float')?.float ?? null;
  if (float !== null) return node.scalar(float);
  const int = node.attribute('value_int')?.int ?? null;
  if (int !== null) return node.scalar(int, 'int32');
  // A list of no elements is written as nothing, so the attribute alone counts.
  const floats = node.floats('value_floats');
  if (floats !== null) return hostResult(hostVector(floats, 'float32'));
  const ints = node.ints('value_ints');
  if (ints !== null) return hostResult(hostVector(ints));
  throw node.unsupported('a constant that holds no numbers', 'numbers');
};

const constantOfShape: LowerNode = (node) => {
  const shape = node.host(0)?.elements ?? [];
  const message = node.attribute('value')?.tensor ?? null;
  const element = message === null ? null : (node.around.small.get(message) ?? null);
  if (message !== null && element === null) {
    throw node.unsupported('a value of several elements', 'one element');
  }
  const [only = 0] = element?.elements ?? [];
  const type = element?.type ?? 'float32';
  return node.around.assembler.uniform({ shape, type, element: only ?? 0 }, node.layer);
};

const range: LowerNode = (node) => {
  const [start, limit, step] = [node.number(0), node.number(1), node.number(2)];
  if (start === null || limit === null || step === null) {
    throw node.unsupported('a range without its bounds', 'start, limit and delta');
  }
  const { type } = node.facts(node.input(0));
  const misfit = node.around.assembler.misfit(node.layer);
  return hostResult(rangeHost({ start, limit, step }, type, misfit));
};

/** Ones on a diagonal. */
const eyeLike: LowerNode = (node) => {
  const { shape, type } = node.facts(node.input(0));
  const [rows = -1, columns = -1] = shape;
  if (shape.length !== 2 || rows < 0 || columns < 0) {
    throw node.unsupported('a matrix of open size', 'sizes that are given');
  }
  const to = node.attribute('dtype')?.int ?? null;
  return matrixOf(node, [rows, columns], {
    type: to === null ? type : valueTypeOf(to),
    at: (row, column) => Number(column - row === node.int('k', 0)),
  });
};

/** What lies on, above, or below a diagonal; the rest becomes zero. */
const trilu: LowerNode = (node) => {
  const x = node.input(0);
  const { shape, type } = node.facts(x);
  const [rows = -1, columns = -1] = shape.slice(-2);
  if (rows < 0 || columns < 0) {
    throw node.unsupported('a matrix of open size', 'sizes that are given');
  }
  const k = node.number(1) ?? 0;
  const isUpper = node.int('upper', 1) !== 0;
  const mask = matrixOf(node, [rows, columns], {
    type: 'bool',
    at: (row, column) => Number(isUpper ? column - row >= k : column - row <= k),
  });
  return node.emit({ kind: 'select' }, mask, x, node.scalar(0, type));
};

/** A matrix known beforehand. */
export function matrixOf(
  node: NodeContext,
  shape: readonly [rows: number, columns: number],
  {
    type,
    at,
  }: {
    readonly type: 'float32' | 'int32' | 'bool';
    readonly at: (row: number, column: number) => number;
  },
): LoweredValue {
  const count = hostCount(shape, node.around.assembler.misfit(node.layer));
  const [, columns] = shape;
  const elements = Array.from({ length: count }, (_, i) =>
    at(Math.floor(i / columns), i % columns),
  );
  return hostResult({ shape, type, elements });
}

/** In training elements are dropped; otherwise the input is passed on, and the mask is all true. */
const dropout: LowerNode = (node) => {
  const x = node.input(0);
  const rate = node.opset < 12 ? node.float('ratio', 0.5) : (node.number(1) ?? 0.5);
  const y = node.emit({ kind: 'dropout', rate, sharedAxes: [] }, x);
  if (!node.hasOutput(1)) return y;
  const shape = node.shape(x).map((size) => (size < 0 ? null : size));
  const mask = node.around.assembler.uniform({ shape, type: 'bool', element: 1 }, node.layer);
  return [y, mask];
};

/** Source: Operators.md of ONNX 1.23. */
export const CONSTANTS: LoweringTable = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  EyeLike: eyeLike,
  Trilu: trilu,
  Dropout: dropout,
  Identity: (node) => {
    const x = node.input(0);
    // Exporters share equal tensors by it: such a one stays a tensor.
    return x.kind === 'graph' ? node.emit({ kind: 'identity' }, x) : x;
  },
};
