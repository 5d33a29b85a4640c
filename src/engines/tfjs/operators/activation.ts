import * as tf from '@tensorflow/tfjs-core';
import type { ActivationFunction, PReluOperator } from '../../../core/graph/operators/activation';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { withAxisLast } from './axes';
import { throughFloat } from './elementTypes';
import { maskOf } from './withoutGradient';

/** Applies an activation; integers stay integers. Definitions: keras.activations of Keras 3.15. */
export function runActivation(activation: ActivationFunction, x: tf.Tensor): tf.Tensor {
  return throughFloat(x, (values) => activate(activation, values));
}

/** x where it is positive, x * slope where not. */
export function runPRelu({ kind }: PReluOperator, inputs: NodeInputs): tf.Tensor {
  const x = requiredInput(inputs, 0, kind);
  const slope = requiredInput(inputs, 1, kind);
  return tf.add(tf.relu(x), tf.mul(tf.minimum(x, 0), slope));
}

function activate(activation: ActivationFunction, x: tf.Tensor): tf.Tensor {
  switch (activation.name) {
    case 'linear':
      return tf.clone(x);
    case 'relu':
      return relu(activation, x);
    case 'elu':
      return activation.alpha === 1 ? tf.elu(x) : exponentialLinear(x, activation.alpha, 1);
    case 'celu':
      return exponentialLinear(x, activation.alpha, activation.alpha);
    case 'selu':
      return tf.selu(x);
    case 'gelu':
      return activation.approximate ? geluByTanh(x) : geluByErf(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'logSigmoid':
      return tf.neg(softplus(tf.neg(x)));
    case 'hardSigmoid':
      return tf.clipByValue(tf.add(tf.mul(x, activation.slope), activation.offset), 0, 1);
    case 'tanh':
      return tf.tanh(x);
    case 'hardTanh':
      return tf.clipByValue(x, -1, 1);
    case 'clip':
      return clip(activation, x);
    case 'tanhShrink':
      return tf.sub(x, tf.tanh(x));
    case 'softShrink':
      return tf.sub(x, tf.clipByValue(x, -activation.threshold, activation.threshold));
    case 'hardShrink':
      return tf.mul(
        x,
        maskOf(() => tf.greater(tf.abs(x), activation.threshold)),
      );
    case 'softplus':
      return softplus(x);
    case 'softsign':
      return tf.div(x, tf.add(tf.abs(x), 1));
    case 'squareplus':
      return tf.div(tf.add(x, tf.sqrt(tf.add(tf.square(x), activation.b))), 2);
    case 'sparsePlus':
      return sparsePlus(x);
    case 'swish':
      return tf.mul(x, tf.sigmoid(x));
    case 'hardSwish':
      return tf.mul(x, tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1));
    case 'mish':
      return tf.mul(x, tf.tanh(softplus(x)));
    case 'glu': {
      const [value, gate] = tf.split(x, 2, activation.axis);
      if (value === undefined || gate === undefined) throw new Error('split gives two halves');
      return tf.mul(value, tf.sigmoid(gate));
    }
    case 'exponential':
      return tf.exp(x);
    case 'softmax':
      return withAxisLast(x, activation.axis, (values) => tf.softmax(values));
    case 'logSoftmax':
      return withAxisLast(x, activation.axis, (values) => tf.logSoftmax(values));
    case 'sparsemax':
      return withAxisLast(x, activation.axis, (moved) => sparsemax(moved, activation.form));
  }
}

type Clip = Extract<ActivationFunction, { readonly name: 'clip' }>;

function clip({ min, max }: Clip, x: tf.Tensor): tf.Tensor {
  // One vectorized kernel, which wants an interval; limits in the wrong order leave the upper one.
  if ((min ?? -Infinity) < (max ?? Infinity)) {
    return tf.clipByValue(x, min ?? -Infinity, max ?? Infinity);
  }
  const above = min === null ? tf.clone(x) : tf.maximum(x, min);
  return max === null ? above : tf.minimum(above, max);
}

type Relu = Extract<ActivationFunction, { readonly name: 'relu' }>;

/** max for x >= max; x for threshold <= x < max; slope * (x - threshold) below. */
function relu({ max, negativeSlope, threshold }: Relu, x: tf.Tensor): tf.Tensor {
  if (threshold === 0 && max === null) {
    return negativeSlope === 0 ? tf.relu(x) : tf.leakyRelu(x, negativeSlope);
  }
  if (threshold === 0 && negativeSlope === 0) return clip({ name: 'clip', min: 0, max }, x);
  const above = tf.mul(
    x,
    maskOf(() => tf.greaterEqual(x, threshold)),
  );
  const limited = max === null ? above : tf.minimum(above, max);
  if (negativeSlope === 0) return limited;
  const below = tf.minimum(tf.sub(x, threshold), 0);
  return tf.add(limited, tf.mul(below, negativeSlope));
}

/** max(0, x) + alpha * (exp(min(0, x) / scale) - 1). */
function exponentialLinear(x: tf.Tensor, alpha: number, scale: number): tf.Tensor {
  const negative = tf.mul(tf.expm1(tf.div(tf.minimum(x, 0), scale)), alpha);
  return tf.add(tf.relu(x), negative);
}

function geluByErf(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));
}

/** Source: Hendrycks and Gimpel, Gaussian error linear units, 2016, the approximation by tanh. */
function geluByTanh(x: tf.Tensor): tf.Tensor {
  const cubic = tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI))), 1));
}

/** max(x, 0) + log(1 + exp(-|x|)): nothing overflows, and small values keep their digits. */
function softplus(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
}

/** 0 up to -1, (x + 1)^2 / 4 up to 1, x beyond. */
function sparsePlus(x: tf.Tensor): tf.Tensor {
  const middle = tf.div(tf.square(tf.add(tf.clipByValue(x, -1, 1), 1)), 4);
  return tf.add(middle, tf.relu(tf.sub(x, 1)));
}

type Sparsemax = Extract<ActivationFunction, { readonly name: 'sparsemax' }>;

/** Source: Martins and Astudillo, From softmax to sparsemax, 2016, algorithm 1; sparsemax of Keras 3.15. */
function sparsemax(x: tf.Tensor, form: Sparsemax['form']): tf.Tensor {
  const support = supportOf(x);
  const supportSize = tf.sum(support, -1, true);
  // In the sums up to each of the k largest, the largest one is counted k times, the last one once.
  const times = form === 'simplex' ? support : tf.mul(support, tf.sub(supportSize, ranksOf(x)));
  const tau = tf.div(tf.sub(tf.sum(tf.mul(x, times), -1, true), 1), supportSize);
  return tf.relu(tf.sub(x, tau));
}

/** How many elements along the last axis come before each one, the largest first. */
function ranksOf(x: tf.Tensor): tf.Tensor {
  const size = x.shape.at(-1) ?? 1;
  return maskOf(() => {
    const order = tf.topk(x, size, true).indices;
    return tf.topk(tf.neg(tf.cast(order, 'float32')), size, true).indices;
  });
}

/** 1 for the elements that stay above 0: those of at least the k(z)th largest value. */
function supportOf(x: tf.Tensor): tf.Tensor {
  const size = x.shape.at(-1) ?? 1;
  return maskOf(() => {
    const sorted = tf.topk(x, size, true).values;
    // k(z): the largest k with 1 + k z_(k) > z_(1) + … + z_(k).
    // On WebAssembly a negative axis would overwrite memory.
    const sums = tf.cumsum(sorted, sorted.rank - 1);
    const supported = tf.greater(tf.add(tf.mul(sorted, tf.range(1, size + 1)), 1), sums);
    const least = tf.where(supported, sorted, tf.fill(sorted.shape, Infinity));
    return tf.greaterEqual(x, tf.min(least, -1, true));
  });
}
