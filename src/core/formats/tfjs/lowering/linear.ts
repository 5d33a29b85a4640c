import { lowerEinsum } from '../../../graph/lowering/lowerEinsum';
import { graphValue, type LoweredValue } from '../../../graph/lowering/loweredValue';
import { NodeWriter } from '../../../graph/nodeWriter';
import type { Padding, Sides, WindowAttributes } from '../../../graph/operators/linear';
import { activationOf } from './elementwise';
import type { LoweringTable, LowerNode, NodeContext } from './nodeContext';
import { dataFormatOf, paddingOf, spatial } from './windows';

const convolution: LowerNode = (node) => {
  const [x, kernel] = [node.input(0), node.input(1)];
  const window = convolutionWindow(node);
  const channels = node.shape(x).at(window.dataFormat === 'channelsLast' ? -1 : 1) ?? -1;
  const [perGroup = -1] = node.shape(kernel).slice(-2);
  const groups = channels > 0 && perGroup > 0 ? Math.max(1, Math.floor(channels / perGroup)) : 1;
  const operator = {
    kind: 'convolution',
    kernelLayout: 'spatial-in-out',
    ...window,
    groups,
  } as const;
  return fused(node, (bias) => node.emit(operator, x, kernel, bias));
};

const depthwise: LowerNode = (node) => {
  const operator = { kind: 'depthwiseConvolution', ...convolutionWindow(node) } as const;
  return fused(node, (bias) => node.emit(operator, node.input(0), node.input(1), bias));
};

function convolutionWindow(node: NodeContext): WindowAttributes {
  return {
    strides: spatial(node, 'strides'),
    dilations: spatial(node, 'dilations'),
    padding: paddingOf(node),
    dataFormat: dataFormatOf(node),
  };
}

/** A fused operation adds a bias, its third input, and applies a function. Others have neither. */
function fused(node: NodeContext, emit: (bias: LoweredValue | null) => LoweredValue): LoweredValue {
  const [first, ...rest] = node.attributes.texts('fused_ops');
  if (first === undefined) return emit(null);
  const hasBias = first === 'BiasAdd';
  const functions = hasBias ? rest : [first, ...rest];
  let value = emit(hasBias ? flatBias(node, node.input(2)) : null);
  for (const name of functions) {
    const known = activationOf(name, node);
    if (known !== null) value = node.activate(known, value);
    else if (name === 'Prelu') value = node.emit({ kind: 'prelu' }, value, node.input(3));
    else throw node.unsupported(`the fused function ${name}`, 'BiasAdd and activations');
  }
  return value;
}

/** Some writers keep a bias as [1, 1, 1, channels]. */
function flatBias(node: NodeContext, bias: LoweredValue): LoweredValue {
  const shape = node.shape(bias);
  if (shape.length <= 1) return bias;
  return node.withSizes(bias, [shape.reduce((product, size) => product * size, 1)]);
}

/** TensorFlow says the size of the result, which the padding is for. */
const transposedConvolution: LowerNode = (node) => {
  const [kernel, x] = [node.input(1), node.input(2)];
  const window = convolutionWindow(node);
  const isLast = window.dataFormat === 'channelsLast';
  const wanted = node.host(0).elements;
  const sizes = isLast ? wanted.slice(1, -1) : wanted.slice(2);
  const shape = node.shape(x);
  const lengths = isLast ? shape.slice(1, -1) : shape.slice(2);
  const kernelSize = node.shape(kernel).slice(0, -2);
  const fitted = lengths.map((length, axis) => {
    const size = sizes[axis] ?? -1;
    if (length < 0 || size < 0) return null;
    const extent = ((kernelSize[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
    return fitTransposed((length - 1) * (window.strides[axis] ?? 1) + extent, size);
  });
  const known = fitted.filter((one) => one !== null);
  const fits = known.length === fitted.length;
  const padding: Padding = fits ? known.map(({ sides }) => sides) : window.padding;
  const operator = {
    kind: 'transposedConvolution',
    kernelLayout: 'spatial-out-in',
    ...window,
    padding,
    groups: 1,
    outputPadding: fits ? known.map(({ added }) => added) : null,
  } as const;
  return node.emit(operator, x, kernel, null);
};

/** What is cut from the full result, half before, or added behind it. Source: the gradient of tf.nn.conv2d. */
function fitTransposed(
  full: number,
  size: number,
): { readonly sides: Sides; readonly added: number } {
  const cut = Math.max(0, full - size);
  const before = Math.floor(cut / 2);
  return { sides: [before, cut - before], added: Math.max(0, size - full) };
}

/** A product with a matrix of the file is a dense layer. */
const matMul: LowerNode = (node) => {
  const { attributes } = node;
  const [a, b] = [node.input(0), node.input(1)];
  const transposeA = attributes.bool('transpose_a') || attributes.bool('adj_x');
  const transposeB = attributes.bool('transpose_b') || attributes.bool('adj_y');
  if (b.kind === 'tensor' && b.tensor.shape.length === 2 && !transposeA) {
    const kernelLayout = transposeB ? 'out-in' : 'in-out';
    return fused(node, (bias) => node.emit({ kind: 'dense', kernelLayout }, a, b, bias));
  }
  return fused(node, (bias) => {
    const product = node.emit({ kind: 'matMul', transposeA, transposeB }, a, b);
    return bias === null ? product : node.merge('add', product, bias);
  });
};

const biasAdd: LowerNode = (node) => {
  const [x, bias] = [node.input(0), node.input(1)];
  if (dataFormatOf(node) === 'channelsLast') return node.merge('add', x, bias);
  const ones = new Array<number>(Math.max(0, node.shape(x).length - 2)).fill(1);
  return node.merge('add', x, node.withSizes(bias, [...node.shape(bias), ...ones]));
};

const batchNormalization: LowerNode = (node) => {
  if (node.attributes.bool('is_training')) {
    throw node.unsupported('is_training', 'normalization with stored statistics');
  }
  const operator = {
    kind: 'batchNormalization',
    axis: dataFormatOf(node) === 'channelsLast' ? -1 : 1,
    epsilon: node.attributes.float('epsilon', 1e-4),
    momentum: 0.99,
  } as const;
  return node.emit(operator, ...[0, 1, 2, 3, 4].map((index) => node.input(index)));
};

const einsum: LowerNode = (node) => {
  const writer = new NodeWriter(node.assembler.graph, node.layer);
  const values = node.inputs.map((value) => node.assembler.data(value, node.layer));
  return graphValue(lowerEinsum(writer, node.attributes.text('equation', ''), values));
};

/** Source: convolution.json, matrices.json and normalization.json of tfjs-converter 4.22. */
export const LINEAR: LoweringTable = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2d: depthwise,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: transposedConvolution,
  MatMul: matMul,
  _FusedMatMul: matMul,
  BatchMatMul: matMul,
  BatchMatMulV2: matMul,
  BatchMatMulV3: matMul,
  BiasAdd: biasAdd,
  BiasAddV1: biasAdd,
  FusedBatchNorm: batchNormalization,
  FusedBatchNormV2: batchNormalization,
  FusedBatchNormV3: batchNormalization,
  Einsum: einsum,
};
