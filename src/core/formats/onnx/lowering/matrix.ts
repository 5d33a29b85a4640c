import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

/** alpha A B + beta C, each factor perhaps turned round. */
export const gemm: LowerNode = (node) => {
  const [a, b, c] = [node.input(0), node.input(1), node.optional(2)];
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  const x = node.int('transA', 0) === 0 ? a : node.transpose(a, [1, 0]);
  const isTurned = node.int('transB', 0) !== 0;
  const bias = c !== null && alpha === 1 && beta === 1 && isUnitBias(node, c, b) ? c : null;
  const kernelLayout = isTurned ? 'out-in' : 'in-out';
  const product = node.emit({ kind: 'dense', kernelLayout }, x, b, bias);
  const scaled = alpha === 1 ? product : node.merge('multiply', product, node.scalar(alpha));
  if (c === null || bias !== null || beta === 0) return scaled;
  const added = beta === 1 ? c : node.merge('multiply', c, node.scalar(beta));
  return node.merge('add', scaled, added);
};

/** One value for each unit of the kernel. */
function isUnitBias(node: NodeContext, bias: LoweredValue, kernel: LoweredValue): boolean {
  const units = node.shape(kernel).at(node.int('transB', 0) === 0 ? 1 : 0);
  const [length, ...more] = node.shape(bias);
  return more.length === 0 && length !== undefined && length === units && length > 0;
}

/** A product over the last two axes, with weights as a dense layer. */
export function multiplyMatrices(
  node: NodeContext,
  a: LoweredValue,
  b: LoweredValue,
): LoweredValue {
  const [rankA, rankB] = [node.shape(a).length, node.shape(b).length];
  if (rankA === 0 || rankB === 0) {
    throw node.unsupported('a product with a single number', 'vectors and matrices');
  }
  if (rankA === 1) {
    const row = multiplyMatrices(node, node.reshape(a, [1, -1]), b);
    return dropAxis(node, row, rankB === 1 ? -1 : -2);
  }
  if (rankB === 1) return dropAxis(node, multiplyMatrices(node, a, node.reshape(b, [-1, 1])), -1);
  const dense = rankB === 2 ? denseKernel(node, b) : null;
  if (dense !== null) {
    return node.emit({ kind: 'dense', kernelLayout: dense.layout }, a, dense.kernel);
  }
  return node.emit({ kind: 'matMul', transposeA: false, transposeB: false }, a, b);
}

/** A tensor of the file, also one that was turned round on the way. */
function denseKernel(
  node: NodeContext,
  b: LoweredValue,
): { readonly kernel: LoweredValue; readonly layout: 'in-out' | 'out-in' } | null {
  if (b.kind === 'tensor') return { kernel: b, layout: 'in-out' };
  const turned = b.kind === 'graph' ? node.around.transposed.get(b.value) : undefined;
  return turned === undefined ? null : { kernel: turned, layout: 'out-in' };
}

/** Without an axis of length 1, counted from the end. */
function dropAxis(node: NodeContext, x: LoweredValue, axis: number): LoweredValue {
  const shape = node.shape(x);
  const kept = shape.toSpliced(shape.length + axis, 1);
  const open = kept.filter((size) => size < 0).length;
  if (open <= 1) return node.reshape(x, kept);
  // The axes in front stay where they are, so only those behind have to be told.
  const target = kept.map((size, i) => (i < shape.length + axis ? 0 : size));
  return node.reshape(x, target);
}

/** Source: Operators.md of ONNX 1.23. */
export const MATRIX: LoweringTable = {
  Gemm: gemm,
  MatMul: (node) => multiplyMatrices(node, node.input(0), node.input(1)),
};
