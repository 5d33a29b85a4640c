import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../../core/graph/executor';

/** What an optimizer remembers of one parameter between steps. Owned by whoever holds it. */
export type Moments = readonly tf.Tensor[];

export interface ParameterStep {
  readonly parameter: tf.Tensor;
  readonly gradient: tf.Tensor;
  /** Null before the first step. */
  readonly moments: Moments | null;
  readonly learningRate: number;
  /** Counted from 1. */
  readonly step: number;
}

export interface SteppedParameter {
  readonly parameter: tf.Tensor;
  readonly moments: Moments;
}

/** One parameter after a step; frees nothing of what it was given. */
export function stepParameter(optimizer: Optimizer, step: ParameterStep): SteppedParameter {
  return optimizer.kind === 'adam' ? stepAdam(optimizer, step) : stepDescent(optimizer, step);
}

type Adam = Extract<Optimizer, { readonly kind: 'adam' }>;

/**
 * m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, w -= rate m' / (sqrt(v') + epsilon), with the bias of the zero
 * start taken out. Source: Kingma and Ba, Adam, 2015, algorithm 1; decay: Loshchilov and Hutter, 2019.
 */
function stepAdam(
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0 }: Adam,
  { parameter, gradient, moments, learningRate, step }: ParameterStep,
): SteppedParameter {
  const [before1, before2] = moments ?? [];
  const first = decayed(before1, beta1, gradient);
  const second = decayed(before2, beta2, tf.square(gradient));
  const rate = learningRate / (1 - beta1 ** step);
  const deviation = tf.sqrt(tf.mul(second, 1 / (1 - beta2 ** step)));
  const change = tf.mul(tf.div(first, tf.add(deviation, epsilon)), rate);
  const kept = weightDecay === 0 ? parameter : tf.mul(parameter, 1 - learningRate * weightDecay);
  return { parameter: tf.sub(kept, change), moments: [first, second] };
}

function decayed(before: tf.Tensor | undefined, rate: number, value: tf.Tensor): tf.Tensor {
  const share = tf.mul(value, 1 - rate);
  return before === undefined ? share : tf.add(tf.mul(before, rate), share);
}

type Descent = Extract<Optimizer, { readonly kind: 'sgd' }>;

/** v = momentum v - rate g, w += v; Nesterov's: w += momentum v - rate g. Source: Sutskever et al., 2013. */
function stepDescent(
  { momentum = 0, nesterov = false, weightDecay = 0 }: Descent,
  { parameter, gradient, moments, learningRate }: ParameterStep,
): SteppedParameter {
  const slope = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, weightDecay));
  const change = tf.mul(slope, -learningRate);
  if (momentum === 0) return { parameter: tf.add(parameter, change), moments: [] };
  const [before] = moments ?? [];
  const velocity = before === undefined ? change : tf.add(tf.mul(before, momentum), change);
  const shift = nesterov ? tf.add(tf.mul(velocity, momentum), change) : velocity;
  return { parameter: tf.add(parameter, shift), moments: [velocity] };
}
