import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import { convolve } from './convolution';
import type { LoweringTable, LowerNode } from './lowerNode';
import { multiplyMatrices } from './matrix';
import type { NodeContext } from './nodeContext';
import { asNumbers, dequantize, placed, quantize } from './quantization';
import { emitSlice } from './slices';

/** Codes without their zero point; `axis` is where a vector of them lies. */
function centred(
  node: NodeContext,
  codes: LoweredValue,
  zeroPoint: LoweredValue | null,
  axis: number,
): LoweredValue {
  const numbers = asNumbers(node, codes);
  if (zeroPoint === null) return numbers;
  const place = { axis, blockSize: 0 };
  return node.merge('subtract', numbers, placed(node, asNumbers(node, zeroPoint), codes, place));
}

/** The product of codes: whole numbers, held as float32. */
const matMulInteger: LowerNode = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  return multiplyMatrices(
    node,
    centred(node, a, node.optional(2), -2),
    centred(node, b, node.optional(3), -1),
  );
};

const convInteger: LowerNode = (node) => {
  const x = centred(node, node.input(0), node.optional(2), 1);
  return convolve(node, x, centred(node, node.input(1), node.optional(3), 0), null);
};

/** Inputs from `first` on: codes, scale, zero point. */
function dequantizedInput(node: NodeContext, first: number, axis: number): LoweredValue {
  const quantizer = { scale: node.input(first + 1), zeroPoint: node.optional(first + 2) };
  return dequantize(node, node.input(first), quantizer, { axis, blockSize: 0 });
}

const WHOLE = { axis: 0, blockSize: 0 };

const qLinearConv: LowerNode = (node) => {
  const x = dequantizedInput(node, 0, 1);
  const kernel = dequantizedInput(node, 3, 0);
  const codes = node.optional(8);
  const scale = node.merge('multiply', node.input(1), node.input(4));
  const bias = codes === null ? null : node.merge('multiply', asNumbers(node, codes), scale);
  const y = convolve(node, x, kernel, bias);
  return quantize(node, y, { scale: node.input(6), zeroPoint: node.optional(7) }, WHOLE);
};

const qLinearMatMul: LowerNode = (node) => {
  const y = multiplyMatrices(node, dequantizedInput(node, 0, -2), dequantizedInput(node, 3, -1));
  return quantize(node, y, { scale: node.input(6), zeroPoint: node.optional(7) }, WHOLE);
};

/** A sum or product of codes by their real values. */
const qLinearMerge =
  (mode: 'add' | 'multiply'): LowerNode =>
  (node) => {
    const y = node.merge(mode, dequantizedInput(node, 0, 0), dequantizedInput(node, 3, 0));
    return quantize(node, y, { scale: node.input(6), zeroPoint: node.optional(7) }, WHOLE);
  };

/** A, B, their scales and zero points, bias. */
const matMulIntegerToFloat: LowerNode = (node) => {
  const quantizers = [2, 3].map((i) => ({
    scale: node.input(i),
    zeroPoint: node.optional(i + 2),
  }));
  const [forA, forB] = quantizers;
  if (forA === undefined || forB === undefined) throw node.unsupported('no scales', 'two scales');
  const a = dequantize(node, node.input(0), forA, { axis: -2, blockSize: 0 });
  const b = dequantize(node, node.input(1), forB, { axis: -1, blockSize: 0 });
  const product = multiplyMatrices(node, a, b);
  const bias = node.optional(6);
  return bias === null ? product : node.merge('add', product, bias);
};

/** Codes of `bits` bits packed into bytes, the lowest first, along the last axis. */
function unpacked(node: NodeContext, packed: LoweredValue, bits: number): LoweredValue {
  const bytes = asNumbers(node, packed);
  if (bits === 8) return bytes;
  const shape = node.shape(packed);
  const parts = Array.from({ length: 8 / bits }, (_, i) => {
    const shifted = node.unary('floor', node.merge('divide', bytes, node.scalar(2 ** (bits * i))));
    return node.reshape(node.merge('modulo', shifted, node.scalar(2 ** bits)), [...shape, 1]);
  });
  const joined = node.emit({ kind: 'concatenate', axis: shape.length }, ...parts);
  return node.reshape(joined, [...shape.slice(0, -1), (shape.at(-1) ?? 0) * parts.length]);
}

/** Weights [N, K] in blocks along K, each with a scale and zero point. Source: ContribOperators.md. */
const matMulNBits: LowerNode = (node) => {
  const [inner, units] = [node.int('K', 0), node.int('N', 0)];
  const [bits, blockSize] = [node.int('bits', 4), node.int('block_size', 32)];
  if (![2, 4, 8].includes(bits) || node.optional(4) !== null) {
    throw node.unsupported(`${bits} bits, or a group index`, '2, 4 or 8 bits without one');
  }
  const blocks = Math.ceil(inner / blockSize);
  const perBlock = [units, blocks, 1];
  const codes = node.reshape(unpacked(node, node.input(1), bits), [units, blocks, blockSize]);
  const centre = nBitsZeroPoint(node, { units, blocks, bits });
  const numbers = node.merge('subtract', codes, centre);
  const scaled = node.merge('multiply', numbers, node.reshape(node.input(2), perBlock));
  const rows = node.reshape(scaled, [units, blocks * blockSize]);
  const kernel = emitSlice(node, rows, [{ axis: 1, start: 0, size: inner, step: 1 }]);
  const operator = { kind: 'dense', kernelLayout: 'out-in' } as const;
  return node.emit(operator, node.input(0), kernel, node.optional(5));
};

/** Packed like the codes, or as numbers; the middle of the range where there is none. */
function nBitsZeroPoint(
  node: NodeContext,
  {
    units,
    blocks,
    bits,
  }: { readonly units: number; readonly blocks: number; readonly bits: number },
): LoweredValue {
  const given = node.optional(3);
  if (given === null) return node.scalar(2 ** (bits - 1));
  if (given.kind === 'tensor' && given.type === 'float32') {
    return node.reshape(given, [units, blocks, 1]);
  }
  const bytes = node.reshape(asNumbers(node, given), [units, -1]);
  const all = unpacked(node, bytes, bits);
  const kept = emitSlice(node, all, [{ axis: 1, start: 0, size: blocks, step: 1 }]);
  return node.reshape(kept, [units, blocks, 1]);
}

/** Products of integer codes. Source: Operators.md of ONNX 1.23, ContribOperators.md of ONNX Runtime 1.30. */
export const QUANTIZED_PRODUCTS: LoweringTable = {
  MatMulInteger: matMulInteger,
  ConvInteger: convInteger,
  QLinearConv: qLinearConv,
  QLinearMatMul: qLinearMatMul,
  'com.microsoft:QLinearAdd': qLinearMerge('add'),
  'com.microsoft:QLinearMul': qLinearMerge('multiply'),
  'com.microsoft:MatMulIntegerToFloat': matMulIntegerToFloat,
  'com.microsoft:MatMulNBits': matMulNBits,
};
