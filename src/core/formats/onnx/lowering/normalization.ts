import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

const batchNormalization: LowerNode = (node) => {
  const inputs = [0, 1, 2, 3, 4].map((i) => node.input(i));
  const [x, gamma, beta, mean, variance] = inputs as [
    LoweredValue,
    LoweredValue,
    LoweredValue,
    LoweredValue,
    LoweredValue,
  ];
  const [epsilon, momentum] = [node.float('epsilon', 1e-5), node.float('momentum', 0.9)];
  if (node.int('training_mode', 0) !== 0) return batchStatistics(node, [x, gamma, beta], epsilon);
  return node.emit(
    { kind: 'batchNormalization', axis: 1, epsilon, momentum },
    x,
    gamma,
    beta,
    mean,
    variance,
  );
};

/** By the mean and variance of the batch itself, as a graph that was exported for training has it. */
function batchStatistics(
  node: NodeContext,
  [x, gamma, beta]: readonly [LoweredValue, LoweredValue, LoweredValue],
  epsilon: number,
): LoweredValue {
  const rank = node.shape(x).length;
  if (rank < 2) throw node.unsupported(`an input of ${rank} axes`, 'batch and channels');
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
  const perChannel = (value: LoweredValue): LoweredValue =>
    node.reshape(value, [-1, ...new Array<number>(rank - 2).fill(1)]);
  const normal = standardized(node, x, axes, epsilon);
  const scaled = node.merge('multiply', normal, perChannel(gamma));
  return node.merge('add', scaled, perChannel(beta));
}

/** (x - mean) / sqrt(variance + epsilon) over axes. */
function standardized(
  node: NodeContext,
  x: LoweredValue,
  axes: readonly number[],
  epsilon: number,
): LoweredValue {
  const centred = node.merge('subtract', x, node.reduce('mean', x, axes));
  const variance = node.merge('add', node.reduce('variance', x, axes), node.scalar(epsilon));
  return node.merge('multiply', centred, node.unary('rsqrt', variance));
}

const instanceNormalization: LowerNode = (node) =>
  node.emit(
    {
      kind: 'groupNormalization',
      groups: -1,
      epsilon: node.float('epsilon', 1e-5),
      dataFormat: 'channelsFirst',
    },
    node.input(0),
    node.input(1),
    node.input(2),
  );

/** Before opset 21 scale and bias had one value a group. */
const groupNormalization: LowerNode = (node) => {
  const x = node.input(0);
  const channels = node.shape(x)[1] ?? -1;
  const groups = node.int('num_groups', 1);
  if (groups < 1 || (channels >= 0 && channels % groups !== 0)) {
    throw node.unsupported(`${groups} groups of ${channels} channels`, 'groups of equal size');
  }
  const perChannel = (value: LoweredValue): LoweredValue => {
    if (node.opset >= 21 || node.shape(value)[0] === channels) return value;
    if (channels < 0) throw node.unsupported('an open number of channels', 'a given one');
    const columns = node.reshape(value, [groups, 1]);
    const wide = node.emit({ kind: 'expand', shape: [groups, channels / groups] }, columns);
    return node.reshape(wide, [channels]);
  };
  return node.emit(
    {
      kind: 'groupNormalization',
      groups,
      epsilon: node.float('epsilon', 1e-5),
      dataFormat: 'channelsFirst',
    },
    x,
    perChannel(node.input(1)),
    perChannel(node.input(2)),
  );
};

export interface LayerNormal {
  readonly gamma: LoweredValue | null;
  readonly beta: LoweredValue | null;
  readonly axis: number;
  readonly epsilon: number;
  readonly rms: boolean;
}

/** Each sample by its own values from an axis on. */
export function normalizeLayer(
  node: NodeContext,
  x: LoweredValue,
  { gamma, beta, axis, epsilon, rms }: LayerNormal,
): LoweredValue {
  const shape = node.shape(x);
  const first = node.axis(axis, shape.length);
  const axes = shape.flatMap((_, i) => (i < first ? [] : [i]));
  const operator = { kind: 'layerNormalization', axes, epsilon, rms } as const;
  const fits = [gamma, beta].every(
    (value) => value === null || equalSizes(node.shape(value), shape.slice(first)),
  );
  if (fits) return node.emit(operator, x, gamma, beta);
  const normal = node.emit(operator, x, null, null);
  const scaled = gamma === null ? normal : node.merge('multiply', normal, gamma);
  return beta === null ? scaled : node.merge('add', scaled, beta);
}

function equalSizes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

const layerNormalization: LowerNode = (node) => {
  const x = node.input(0);
  const epsilon = node.float('epsilon', 1e-5);
  const [gamma, beta, axis] = [node.optional(1), node.optional(2), node.int('axis', -1)];
  const y = normalizeLayer(node, x, { gamma, beta, axis, epsilon, rms: false });
  if (!node.hasOutput(1) && !node.hasOutput(2)) return y;
  const rank = node.shape(x).length;
  const first = node.axis(axis, rank);
  const axes = Array.from({ length: rank - first }, (_, i) => first + i);
  const variance = node.merge('add', node.reduce('variance', x, axes), node.scalar(epsilon));
  return [y, node.reduce('mean', x, axes), node.unary('rsqrt', variance)];
};

const rmsNormalization: LowerNode = (node) =>
  normalizeLayer(node, node.input(0), {
    gamma: node.optional(1),
    beta: null,
    axis: node.int('axis', -1),
    epsilon: node.float('epsilon', 1e-5),
    rms: true,
  });

/** The sum of input, skip and bias, normalized; the sum itself is the fourth output. */
const skipNormalization =
  (rms: boolean): LowerNode =>
  (node) => {
    const bias = node.optional(rms ? 3 : 4);
    const pair = node.merge('add', node.input(0), node.input(1));
    const sum = bias === null ? pair : node.merge('add', pair, bias);
    const y = normalizeLayer(node, sum, {
      gamma: node.optional(2),
      beta: rms ? null : node.optional(3),
      axis: -1,
      epsilon: node.float('epsilon', 1e-12),
      rms,
    });
    return [y, null, null, sum];
  };

const localResponse: LowerNode = (node) =>
  node.emit(
    {
      kind: 'localResponseNormalization',
      size: node.count('size', 1),
      alpha: node.float('alpha', 1e-4),
      beta: node.float('beta', 0.75),
      bias: node.float('bias', 1),
      dataFormat: 'channelsFirst',
    },
    node.input(0),
  );

/** A vector of zeros has no direction: it stays zero. */
const SMALLEST_NORM = 1e-30;

const lpNormalization: LowerNode = (node) => {
  const x = node.input(0);
  const mode = node.int('p', 2) === 1 ? 'l1' : 'l2';
  const norm = node.reduce(mode, x, [node.axis(node.int('axis', -1), node.shape(x).length)]);
  return node.merge('divide', x, node.merge('maximum', norm, node.scalar(SMALLEST_NORM)));
};

/** Source: the function body of MeanVarianceNormalization in Operators.md, with its epsilon. */
const meanVariance: LowerNode = (node) => {
  const x = node.input(0);
  const axes = node.ints('axes') ?? [0, 2, 3];
  const centred = node.merge('subtract', x, node.reduce('mean', x, axes));
  const deviation = node.unary('sqrt', node.reduce('variance', x, axes));
  return node.merge('divide', centred, node.merge('add', deviation, node.scalar(1e-9)));
};

/** Source: Operators.md of ONNX 1.23, ContribOperators.md of ONNX Runtime 1.30. */
export const NORMALIZATION: LoweringTable = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  SimplifiedLayerNormalization: rmsNormalization,
  'com.microsoft:SimplifiedLayerNormalization': rmsNormalization,
  'com.microsoft:SkipLayerNormalization': skipNormalization(false),
  'com.microsoft:SkipSimplifiedLayerNormalization': skipNormalization(true),
  LRN: localResponse,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVariance,
};
