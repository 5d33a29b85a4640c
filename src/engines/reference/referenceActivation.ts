import type { ActivationFunction } from '../../core/graph/operators/activation';
import { at, axisFrom, build, range, type ReferenceArray, sum } from './referenceArray';
import { erf } from './errorFunction';

type AlongAxis = Extract<ActivationFunction, { readonly axis: number }>;
type Elementwise = Exclude<ActivationFunction, AlongAxis>;

/** Definitions: keras.activations of Keras 3.15, torch.nn.functional for the others. */
export function referenceActivation(
  activation: ActivationFunction,
  x: ReferenceArray,
): ReferenceArray {
  switch (activation.name) {
    case 'glu':
      return gatedHalf(x, activation.axis);
    case 'softmax':
    case 'logSoftmax':
    case 'sparsemax':
      return alongAxis(activation, x);
    default:
      return build(x.shape, x.type, (place) => activate(activation, at(x, place)));
  }
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const clamp = (x: number, min: number, max: number): number => Math.min(Math.max(x, min), max);

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

function activate(activation: Elementwise, x: number): number {
  switch (activation.name) {
    case 'linear':
      return x;
    case 'relu': {
      const { max, negativeSlope, threshold } = activation;
      if (max !== null && x >= max) return max;
      return x >= threshold ? x : negativeSlope * (x - threshold);
    }
    case 'elu':
      return x > 0 ? x : activation.alpha * Math.expm1(x);
    case 'celu':
      return x > 0 ? x : activation.alpha * Math.expm1(x / activation.alpha);
    case 'selu':
      return SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x));
    case 'gelu':
      return activation.approximate
        ? (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
        : (x / 2) * (1 + erf(x / Math.SQRT2));
    case 'sigmoid':
      return sigmoid(x);
    case 'logSigmoid':
      return -softplus(-x);
    case 'hardSigmoid':
      return clamp(activation.slope * x + activation.offset, 0, 1);
    case 'tanh':
      return Math.tanh(x);
    case 'hardTanh':
      return clamp(x, -1, 1);
    case 'clip':
      return clamp(x, activation.min ?? -Infinity, activation.max ?? Infinity);
    case 'tanhShrink':
      return x - Math.tanh(x);
    case 'softShrink':
      return Math.sign(x) * Math.max(Math.abs(x) - activation.threshold, 0);
    case 'hardShrink':
      return Math.abs(x) > activation.threshold ? x : 0;
    case 'softplus':
      return softplus(x);
    case 'softsign':
      return x / (1 + Math.abs(x));
    case 'squareplus':
      return (x + Math.sqrt(x ** 2 + activation.b)) / 2;
    case 'sparsePlus':
      return x <= -1 ? 0 : x >= 1 ? x : (x + 1) ** 2 / 4;
    case 'swish':
      return x * sigmoid(x);
    case 'hardSwish':
      return x * clamp(x / 6 + 0.5, 0, 1);
    case 'mish':
      return x * Math.tanh(softplus(x));
    case 'exponential':
      return Math.exp(x);
  }
}

function gatedHalf(x: ReferenceArray, axis: number): ReferenceArray {
  const along = axisFrom(axis, x.shape.length);
  const half = (x.shape[along] ?? 0) / 2;
  return build(x.shape.with(along, half), x.type, (place) => {
    const gate = at(x, place.with(along, (place[along] ?? 0) + half));
    return at(x, place) * sigmoid(gate);
  });
}

function alongAxis(
  activation: Exclude<AlongAxis, { name: 'glu' }>,
  x: ReferenceArray,
): ReferenceArray {
  const along = axisFrom(activation.axis, x.shape.length);
  return build(x.shape, x.type, (place) => {
    const lane = range(x.shape[along] ?? 0).map((i) => at(x, place.with(along, i)));
    const value = at(x, place);
    const largest = Math.max(...lane);
    const total = sum(lane.map((other) => Math.exp(other - largest)));
    switch (activation.name) {
      case 'softmax':
        return Math.exp(value - largest) / total;
      case 'logSoftmax':
        return value - largest - Math.log(total);
      case 'sparsemax':
        return Math.max(value - sparsemaxThreshold(lane, activation.form), 0);
    }
  });
}

/**
 * `simplex`: tau with sum of max(z - tau, 0) = 1; `keras`: of the sums of the first 1, 2, ... k of those above it.
 * Sources: Martins and Astudillo, From softmax to sparsemax, 2016; sparsemax of Keras 3.15.
 */
function sparsemaxThreshold(lane: readonly number[], form: 'simplex' | 'keras'): number {
  const sorted = lane.toSorted((a, b) => b - a);
  const sums = sorted.map((_, i) => sum(sorted.slice(0, i + 1)));
  const k = sorted.filter((value, i) => 1 + (i + 1) * value > (sums[i] ?? 0)).length;
  return ((form === 'keras' ? sum(sums.slice(0, k)) : (sums[k - 1] ?? 0)) - 1) / k;
}
