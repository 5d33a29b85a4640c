import type { RecurrentOperator } from '../operators/recurrent';
import { type Misfit, productOf, requireSize, type Shape, showShape } from './valueFacts';

const GATES: Readonly<Record<RecurrentOperator['cell'], number>> = { simple: 1, gru: 3, lstm: 4 };

/** Shapes of the sequence, the last hidden and (LSTM) the last cell state. */
export function recurrentShapes(
  operator: RecurrentOperator,
  input: Shape,
  kernel: Shape,
  misfit: Misfit,
): readonly Shape[] {
  if (input.length !== 3) {
    throw misfit(`an input of shape ${showShape(input)}`, 'batch, time and features');
  }
  assertKernel(operator, input, kernel, misfit);
  const { units, batchFirst, form } = operator;
  const [first = -1, second = -1] = input;
  const [batch, time] = batchFirst || form === 'keras' ? [first, second] : [second, first];
  const count = operator.cell === 'lstm' ? 2 : 1;
  if (form === 'keras') {
    return [[batch, time, units], ...repeated([batch, units], count)];
  }
  const directions = operator.directions.length;
  return batchFirst
    ? [[batch, time, directions, units], ...repeated([batch, directions, units], count)]
    : [[time, directions, batch, units], ...repeated([directions, batch, units], count)];
}

function assertKernel(
  operator: RecurrentOperator,
  input: Shape,
  kernel: Shape,
  misfit: Misfit,
): void {
  const features = operator.form === 'keras' ? kernel.at(-2) : kernel.at(-1);
  const gates = operator.form === 'keras' ? kernel.at(-1) : kernel.at(-2);
  requireSize(features, input.at(-1) ?? -1, 'rows of the kernel for the features', misfit);
  requireSize(gates, GATES[operator.cell] * operator.units, 'gate units in the kernel', misfit);
}

/**
 * Checks recurrent kernel, bias and initial states against the number of units.
 * @param shapes of all inputs, null for absent ones
 */
export function assertRecurrentWeights(
  { form, cell, units, directions }: RecurrentOperator,
  shapes: readonly (Shape | null)[],
  misfit: Misfit,
): void {
  const [, , recurrent = null, bias = null, ...states] = shapes;
  const gates = GATES[cell] * units;
  const count = form === 'keras' ? 1 : directions.length;
  requireSize(productOf(recurrent ?? []), count * units * gates, 'recurrent weights', misfit);
  if (bias !== null) {
    const perDirection = form === 'onnx' || bias.length === 2 ? 2 * gates : gates;
    requireSize(productOf(bias), count * perDirection, 'biases', misfit);
  }
  for (const state of states.slice(0, 2)) {
    if (state !== null) requireSize(state.at(-1), units, 'values of an initial state', misfit);
  }
}

function repeated(shape: Shape, count: number): readonly Shape[] {
  return new Array<Shape>(count).fill(shape);
}
