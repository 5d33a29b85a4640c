import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentOperator } from '../../../core/graph/operators/recurrent';
import { type NodeInputs, requiredInput } from '../nodeInputs';

/** The weights of one direction, gates as the operator orders them. */
export interface DirectionWeights {
  /** [in, gates * units] */
  readonly kernel: tf.Tensor;
  /** [units, gates * units] */
  readonly recurrentKernel: tf.Tensor;
  /** [gates * units]: added to the product of the input. */
  readonly inputBias: tf.Tensor | null;
  /** [gates * units]: added to the product of the state. */
  readonly recurrentBias: tf.Tensor | null;
}

/** Takes the weights of a direction out of either form. */
export function directionWeights(
  operator: RecurrentOperator,
  inputs: NodeInputs,
  direction: number,
): DirectionWeights {
  const kernel = requiredInput(inputs, 1, operator.kind);
  const recurrentKernel = requiredInput(inputs, 2, operator.kind);
  const bias = inputs[3] ?? null;
  if (operator.form === 'keras') return { kernel, recurrentKernel, ...kerasBiases(bias) };
  const own = (weights: tf.Tensor): tf.Tensor => {
    const part = tf.unstack(weights, 0)[direction];
    if (part === undefined) throw new Error(`there are no weights of direction ${direction}`);
    return part;
  };
  return {
    kernel: tf.transpose(own(kernel)),
    recurrentKernel: tf.transpose(own(recurrentKernel)),
    ...(bias === null ? kerasBiases(null) : halves(own(bias))),
  };
}

function kerasBiases(
  bias: tf.Tensor | null,
): Pick<DirectionWeights, 'inputBias' | 'recurrentBias'> {
  if (bias === null || bias.rank === 1) return { inputBias: bias, recurrentBias: null };
  return halves(tf.reshape(bias, [bias.size]));
}

function halves(bias: tf.Tensor): Pick<DirectionWeights, 'inputBias' | 'recurrentBias'> {
  const [inputBias = null, recurrentBias = null] = tf.split(bias, 2);
  return { inputBias, recurrentBias };
}
