import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { ActivationFunction } from '../../../graph/operators/activation';
import { convolve } from './convolution';
import type { LoweringTable, LowerNode } from './lowerNode';
import { gemm, multiplyMatrices } from './matrix';
import type { NodeContext } from './nodeContext';

/** What ONNX Runtime's optimizer makes of a layer and the activation behind it. */
function activated(node: NodeContext, x: LoweredValue): LoweredValue {
  const name = node.text('activation', '');
  const [alpha = 0, beta = 0] = node.floats('activation_params') ?? [];
  const known: Readonly<Record<string, ActivationFunction>> = {
    Relu: { name: 'relu', max: null, negativeSlope: 0, threshold: 0 },
    LeakyRelu: { name: 'relu', max: null, negativeSlope: alpha, threshold: 0 },
    Sigmoid: { name: 'sigmoid' },
    Tanh: { name: 'tanh' },
    Clip: { name: 'clip', min: alpha, max: beta },
    HardSigmoid: { name: 'hardSigmoid', slope: alpha, offset: beta },
  };
  if (name === '') return x;
  const activation = Object.hasOwn(known, name) ? known[name] : undefined;
  if (activation !== undefined) return node.activation(activation, x);
  throw node.unsupported(`activation ${name}`, Object.keys(known).join(', '));
}

const fusedConv: LowerNode = (node) => {
  const y = convolve(node, node.input(0), node.input(1), node.optional(2));
  const added = node.optional(3);
  return activated(node, added === null ? y : node.merge('add', y, added));
};

const fusedGemm: LowerNode = (node) => {
  const y = gemm(node);
  if (!('kind' in y)) throw node.unsupported('several outputs', 'one');
  return activated(node, y);
};

/** A product with either side turned round in its last two axes, times alpha. */
const fusedMatMul: LowerNode = (node) => {
  const [transposeA, transposeB] = [node.int('transA', 0) !== 0, node.int('transB', 0) !== 0];
  const a = batchesFirst(node, node.input(0), 'transBatchA');
  const b = batchesFirst(node, node.input(1), 'transBatchB');
  const product =
    transposeA || transposeB
      ? node.emit({ kind: 'matMul', transposeA, transposeB }, a, b)
      : multiplyMatrices(node, a, b);
  const alpha = node.float('alpha', 1);
  return alpha === 1 ? product : node.merge('multiply', product, node.scalar(alpha));
};

/** The first axis is brought behind those of the batch where the attribute says so. */
function batchesFirst(node: NodeContext, x: LoweredValue, attribute: string): LoweredValue {
  if (node.int(attribute, 0) === 0) return x;
  const last = node.shape(x).length - 1;
  const batch = node.range(Math.max(last, 1)).slice(1);
  return node.transpose(x, [...batch, 0, last]);
}

/** The bias first, where there is one. */
const gelu =
  (approximate: boolean): LowerNode =>
  (node) => {
    const bias = node.optional(1);
    const x = bias === null ? node.input(0) : node.merge('add', node.input(0), bias);
    return node.activation({ name: 'gelu', approximate }, x);
  };

/** x times the sigmoid of alpha x. */
const quickGelu: LowerNode = (node) => {
  const x = node.input(0);
  const scaled = node.merge('multiply', x, node.scalar(node.float('alpha', 1.702)));
  return node.merge('multiply', x, node.activation({ name: 'sigmoid' }, scaled));
};

/** Source: ContribOperators.md of ONNX Runtime 1.30. */
export const FUSED: LoweringTable = {
  'com.microsoft:FusedConv': fusedConv,
  'com.microsoft:FusedGemm': fusedGemm,
  'com.microsoft:FusedMatMul': fusedMatMul,
  'com.microsoft:Gelu': gelu(false),
  'com.microsoft:BiasGelu': gelu(false),
  'com.microsoft:FastGelu': gelu(true),
  'com.microsoft:QuickGelu': quickGelu,
};
