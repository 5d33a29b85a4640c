import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { ActivationFunction } from '../../../graph/operators/activation';
import { alignAxis } from './arithmetic';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { axisFlattened } from './axisFlattened';

const fixed =
  (activation: ActivationFunction): LowerNode =>
  (node) =>
    node.activation(activation, node.input(0));

const relu = (negativeSlope: number, threshold = 0): ActivationFunction => ({
  name: 'relu',
  max: null,
  negativeSlope,
  threshold,
});

/** Bounds are attributes up to opset 10, inputs since. */
const clip: LowerNode = (node) => {
  const x = node.input(0);
  if (node.opset < 11) {
    const [min, max] = [node.attribute('min')?.float, node.attribute('max')?.float];
    return node.activation({ name: 'clip', min: min ?? null, max: max ?? null }, x);
  }
  const [min, max] = [boundOf(node, 1), boundOf(node, 2)];
  const isFloat = node.facts(x).type === 'float32';
  if (isFloat && min !== 'computed' && max !== 'computed') {
    return node.activation({ name: 'clip', min, max }, x);
  }
  const low = node.optional(1);
  const high = node.optional(2);
  const above = low === null ? x : node.merge('maximum', x, low);
  return high === null ? above : node.merge('minimum', above, high);
};

function boundOf(node: NodeContext, index: number): number | null | 'computed' {
  const value = node.optional(index);
  if (value === null) return null;
  const host = value.kind === 'host' || value.kind === 'tensor' ? value.host : null;
  const bound = host?.elements.length === 1 ? host.elements[0] : undefined;
  return bound ?? 'computed';
}

/** Before opset 13 all axes from the given one on are one. */
const alongAxis =
  (activate: (node: NodeContext, x: LoweredValue, axis: number) => LoweredValue): LowerNode =>
  (node) => {
    const x = node.input(0);
    if (node.opset >= 13) {
      return activate(node, x, node.axis(node.int('axis', -1), node.shape(x).length));
    }
    const { flat, axis, restore } = axisFlattened(node, x, node.int('axis', 1));
    return restore(activate(node, flat, axis));
  };

const hardmax = alongAxis((node, x, axis) => {
  const shape = node.shape(x);
  const at = node.axis(axis, shape.length);
  const depth = shape[at] ?? -1;
  if (depth < 0) throw node.unsupported('an axis of open size', 'sizes that are given');
  const best = node.emit(
    { kind: 'argReduce', mode: 'max', axis: at, keepDims: false, last: false },
    x,
  );
  return node.emit({ kind: 'oneHot', depth, axis: at, on: 1, off: 0 }, best);
});

/** Slopes lie along the last axes; before opset 7 one a channel. */
const prelu: LowerNode = (node) => {
  const x = node.input(0);
  const slope = node.input(1);
  const rank = node.shape(x).length;
  const isOld = node.opset < 7 && node.shape(slope).length === 1 && rank > 1;
  const aligned = isOld ? alignAxis(node, slope, 1, rank) : slope;
  return node.emit({ kind: 'prelu' }, x, aligned);
};

const gelu: LowerNode = (node) => {
  const approximate = node.text('approximate', 'none') === 'tanh';
  return node.activation({ name: 'gelu', approximate }, node.input(0));
};

/** x times the sigmoid of alpha x. */
const swish: LowerNode = (node) => {
  const x = node.input(0);
  const alpha = node.float('alpha', 1);
  if (alpha === 1) return node.activation({ name: 'swish' }, x);
  const scaled = node.merge('multiply', x, node.scalar(alpha));
  return node.merge('multiply', x, node.activation({ name: 'sigmoid' }, scaled));
};

const shrink: LowerNode = (node) => {
  const x = node.input(0);
  const [lambda, bias] = [node.float('lambd', 0.5), node.float('bias', 0)];
  const above = node.emit({ kind: 'compare', mode: 'greater' }, x, node.scalar(lambda));
  const below = node.emit({ kind: 'compare', mode: 'less' }, x, node.scalar(-lambda));
  const raised = node.merge('add', x, node.scalar(bias));
  const lowered = node.merge('subtract', x, node.scalar(bias));
  const negative = node.emit({ kind: 'select' }, below, raised, node.scalar(0));
  return node.emit({ kind: 'select' }, above, lowered, negative);
};

/** Functions of each element, or along an axis. Source: Operators.md of ONNX 1.23. */
export const ACTIVATIONS: LoweringTable = {
  Relu: fixed(relu(0)),
  LeakyRelu: (node) => node.activation(relu(node.float('alpha', 0.01)), node.input(0)),
  ThresholdedRelu: (node) => node.activation(relu(0, node.float('alpha', 1)), node.input(0)),
  PRelu: prelu,
  Elu: (node) => node.activation({ name: 'elu', alpha: node.float('alpha', 1) }, node.input(0)),
  Celu: (node) => node.activation({ name: 'celu', alpha: node.float('alpha', 1) }, node.input(0)),
  Selu: (node) => selu(node),
  Sigmoid: fixed({ name: 'sigmoid' }),
  HardSigmoid: (node) => {
    const [slope, offset] = [node.float('alpha', 0.2), node.float('beta', 0.5)];
    return node.activation({ name: 'hardSigmoid', slope, offset }, node.input(0));
  },
  HardSwish: fixed({ name: 'hardSwish' }),
  Tanh: fixed({ name: 'tanh' }),
  Softplus: fixed({ name: 'softplus' }),
  Softsign: fixed({ name: 'softsign' }),
  Gelu: gelu,
  Mish: fixed({ name: 'mish' }),
  Swish: swish,
  Shrink: shrink,
  Clip: clip,
  Softmax: alongAxis((node, x, axis) => node.activation({ name: 'softmax', axis }, x)),
  LogSoftmax: alongAxis((node, x, axis) => node.activation({ name: 'logSoftmax', axis }, x)),
  Hardmax: hardmax,
};

/** The constants of the paper, to which ONNX rounds them; others are written out. */
const SELU_ALPHA = 1.6732632;
const SELU_GAMMA = 1.050701;

/** gamma * elu(x, alpha). */
function selu(node: NodeContext): LoweredValue {
  const x = node.input(0);
  const alpha = node.float('alpha', SELU_ALPHA);
  const gamma = node.float('gamma', SELU_GAMMA);
  const isUsual = Math.abs(alpha - SELU_ALPHA) < 1e-5 && Math.abs(gamma - SELU_GAMMA) < 1e-5;
  if (isUsual) return node.activation({ name: 'selu' }, x);
  return node.merge('multiply', node.activation({ name: 'elu', alpha }, x), node.scalar(gamma));
}
