import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { poolOf } from './pooling';
import { asNumbers, dequantize, quantize } from './quantization';

const WHOLE = { axis: 0, blockSize: 0 };

/** Codes at input `first`, then their scale and zero point, as real numbers. */
function realInput(node: NodeContext, first: number, axis = 0): LoweredValue {
  const quantizer = { scale: node.input(first + 1), zeroPoint: node.optional(first + 2) };
  return dequantize(node, node.input(first), quantizer, { axis, blockSize: 0 });
}

/** As codes again, by the scale at input `at` and the zero point behind it. */
function asCodes(node: NodeContext, y: LoweredValue, at: number): LoweredValue {
  return quantize(node, y, { scale: node.input(at), zeroPoint: node.optional(at + 1) }, WHOLE);
}

/** What gets x, its scale and zero point, then those of y. */
const ofReal =
  (apply: (node: NodeContext, x: LoweredValue) => LoweredValue): LowerNode =>
  (node) => {
    if (node.int('channels_last', 0) !== 0) {
      throw node.unsupported('channels_last', 'channels in front of the spatial axes');
    }
    return asCodes(node, apply(node, realInput(node, 0)), 3);
  };

function leakyRelu(node: NodeContext, x: LoweredValue): LoweredValue {
  const negativeSlope = node.float('alpha', 0.01);
  return node.activation({ name: 'relu', max: null, negativeSlope, threshold: 0 }, x);
}

/** Before opset 13 all axes from `axis` on went together. */
function softmax(node: NodeContext, x: LoweredValue): LoweredValue {
  const rank = node.shape(x).length;
  const opset = node.int('opset', node.opset);
  const axis = node.axis(node.int('axis', opset < 13 ? 1 : -1), rank);
  if (opset < 13 && axis !== rank - 1) {
    throw node.unsupported(`axis ${axis} of ${rank} before opset 13`, 'the last axis');
  }
  return node.activation({ name: 'softmax', axis }, x);
}

function averagePool(node: NodeContext, x: LoweredValue): LoweredValue {
  return node.emit(poolOf(node, 'average', node.int('count_include_pad', 0) !== 0), x);
}

function globalAveragePool(node: NodeContext, x: LoweredValue): LoweredValue {
  const operator = { mode: 'average', dataFormat: 'channelsFirst', keepDims: true } as const;
  return node.emit({ kind: 'globalPool', ...operator }, x);
}

/** Scale and zero point of the result, then three inputs for each part. */
const qLinearConcat: LowerNode = (node) => {
  const parts: LoweredValue[] = [];
  for (let at = 2; at < node.inputCount; at += 3) parts.push(realInput(node, at));
  return asCodes(node, node.emit({ kind: 'concatenate', axis: node.int('axis', 1) }, ...parts), 0);
};

const qLinearWhere: LowerNode = (node) => {
  const condition = node.cast(node.input(0), 'bool');
  const chosen = node.emit({ kind: 'select' }, condition, realInput(node, 1), realInput(node, 4));
  return asCodes(node, chosen, 7);
};

/** Without a scale of the result the real numbers themselves. */
const qGemm: LowerNode = (node) => {
  const isTurned = node.int('transB', 0) !== 0;
  const a = realInput(node, 0);
  const b = realInput(node, 3, isTurned ? 0 : 1);
  const x = node.int('transA', 0) === 0 ? a : node.transpose(a, [1, 0]);
  const kernelLayout = isTurned ? 'out-in' : 'in-out';
  const alpha = node.scalar(node.float('alpha', 1));
  const scaled = node.merge('multiply', node.emit({ kind: 'dense', kernelLayout }, x, b), alpha);
  const y = withCodedBias(node, scaled, alpha);
  return node.optional(7) === null ? y : asCodes(node, y, 7);
};

/** The bias is counted in steps of alpha and the scales of both sides. */
function withCodedBias(node: NodeContext, y: LoweredValue, alpha: LoweredValue): LoweredValue {
  const codes = node.optional(6);
  if (codes === null) return y;
  const step = node.merge('multiply', node.merge('multiply', node.input(1), node.input(4)), alpha);
  return node.merge('add', y, node.merge('multiply', asNumbers(node, codes), step));
}

/** Operators on integer codes, by their real values. Source: ContribOperators.md of ONNX Runtime 1.30. */
export const QUANTIZED_OPERATORS: LoweringTable = {
  'com.microsoft:QLinearSigmoid': ofReal((node, x) => node.activation({ name: 'sigmoid' }, x)),
  'com.microsoft:QLinearLeakyRelu': ofReal(leakyRelu),
  'com.microsoft:QLinearSoftmax': ofReal(softmax),
  'com.microsoft:QLinearAveragePool': ofReal(averagePool),
  'com.microsoft:QLinearGlobalAveragePool': ofReal(globalAveragePool),
  'com.microsoft:QLinearConcat': qLinearConcat,
  'com.microsoft:QLinearWhere': qLinearWhere,
  'com.microsoft:QGemm': qGemm,
};
