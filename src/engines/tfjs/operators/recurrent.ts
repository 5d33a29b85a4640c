import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentOperator } from '../../../core/graph/operators/recurrent';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { makeCell } from './recurrentCells';
import { type DirectionWeights, directionWeights } from './recurrentWeights';

/** A recurrent layer over a sequence, one direction after the other. */
export function runRecurrent(
  operator: RecurrentOperator,
  inputs: NodeInputs,
): readonly tf.Tensor[] {
  const x = requiredInput(inputs, 0, operator.kind);
  const isBatchFirst = operator.form === 'keras' || operator.batchFirst;
  const sequence = isBatchFirst ? tf.transpose(x, [1, 0, 2]) : x;
  const results = operator.directions.map((_, index) =>
    runDirection(operator, index, sequence, inputs),
  );
  return operator.form === 'keras' ? kerasOutputs(results) : onnxOutputs(results, isBatchFirst);
}

/** All in the shape [batch, units]. */
interface DirectionResult {
  /** One for each element of the sequence, in its order. */
  readonly outputs: readonly tf.Tensor[];
  /** Hidden, and cell of an LSTM. */
  readonly states: readonly tf.Tensor[];
}

/** @param sequence [time, batch, features] */
function runDirection(
  operator: RecurrentOperator,
  index: number,
  sequence: tf.Tensor,
  inputs: NodeInputs,
): DirectionResult {
  const direction = operator.directions[index];
  if (direction === undefined) throw new Error(`there is no direction ${index}`);
  const weights = directionWeights(operator, inputs, index);
  const step = makeCell(operator, direction, weights);
  const products = inputProducts(sequence, weights);
  const masks = maskSteps(inputs[6] ?? null);
  const batch = sequence.shape[1] ?? 1;
  let states = initialStates(operator, inputs, index, batch);
  const zeros = tf.zeros([batch, operator.units]);
  let output: tf.Tensor = zeros;
  const outputs: tf.Tensor[] = [];
  const times = products.map((_, time) => time);
  for (const time of direction.reverse ? times.reverse() : times) {
    const product = products[time];
    if (product === undefined) throw new Error(`there is no step ${time}`);
    const next = step(product, states);
    const mask = masks?.[time] ?? null;
    const [hidden = output] = next;
    // Keras repeats the output before steps that do not count, ONNX Runtime gives zeros there.
    const uncounted = operator.form === 'keras' ? output : zeros;
    output = mask === null ? hidden : blend(mask, hidden, uncounted);
    states = mask === null ? next : next.map((state, i) => blend(mask, state, states[i] ?? state));
    outputs[time] = output;
  }
  return { outputs, states };
}

/** What the kernel makes of every element at once: one large product is faster than many small ones. */
function inputProducts(
  sequence: tf.Tensor,
  { kernel, inputBias }: DirectionWeights,
): readonly tf.Tensor[] {
  const [time = 0, batch = 1, features = 1] = sequence.shape;
  if (time === 0) return [];
  const rows: tf.Tensor2D = tf.reshape(sequence, [time * batch, features]);
  const product = tf.matMul(rows, kernel);
  const biased = inputBias === null ? product : tf.add(product, inputBias);
  return tf.unstack(tf.reshape(biased, [time, batch, kernel.shape[1] ?? 1]), 0);
}

/** @returns for each step [batch, 1] of ones and zeros */
function maskSteps(mask: tf.Tensor | null): readonly tf.Tensor[] | null {
  if (mask === null) return null;
  const values = tf.cast(mask, 'float32');
  return tf.unstack(values, 1).map((step) => tf.expandDims(step, 1));
}

/** The first where the mask is 1, the second where it is 0. */
function blend(mask: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.add(b, tf.mul(mask, tf.sub(a, b)));
}

function initialStates(
  operator: RecurrentOperator,
  inputs: NodeInputs,
  direction: number,
  batch: number,
): readonly tf.Tensor[] {
  const given = operator.cell === 'lstm' ? [inputs[4], inputs[5]] : [inputs[4]];
  return given.map((state) => {
    if (!state) return tf.zeros([batch, operator.units]);
    if (operator.form === 'keras') return state;
    const states = tf.unstack(state, operator.batchFirst ? 1 : 0);
    const own = states[direction];
    if (own === undefined) throw new Error(`there is no state of direction ${direction}`);
    return own;
  });
}

function kerasOutputs([result]: readonly DirectionResult[]): readonly tf.Tensor[] {
  if (result === undefined) throw new Error('a recurrent layer has a direction');
  return [tf.stack([...result.outputs], 1), ...result.states.map((state) => tf.clone(state))];
}

function onnxOutputs(
  results: readonly DirectionResult[],
  isBatchFirst: boolean,
): readonly tf.Tensor[] {
  // [time, D, batch, units], or [batch, time, D, units]
  const sequences = results.map(({ outputs }) => tf.stack([...outputs], isBatchFirst ? 1 : 0));
  const sequence = tf.stack(sequences, isBatchFirst ? 2 : 1);
  const [first] = results;
  const states = (first?.states ?? []).map((_, i) => {
    const own = results.map((result) => result.states[i]).filter((state) => state !== undefined);
    return tf.stack(own, isBatchFirst ? 1 : 0);
  });
  return [sequence, ...states];
}
