import * as tf from '@tensorflow/tfjs-core';
import type { ActivationFunction } from '../../../core/graph/operators/activation';
import type {
  RecurrentDirection,
  RecurrentOperator,
} from '../../../core/graph/operators/recurrent';
import { runActivation } from './activation';
import type { DirectionWeights } from './recurrentWeights';

/**
 * One step of a cell.
 * @param product of the input with the kernel, with the input's bias: [batch, gates * units]
 * @param states hidden, and cell of an LSTM: [batch, units]
 * @returns the states after it
 */
export type CellStep = (product: tf.Tensor, states: readonly tf.Tensor[]) => readonly tf.Tensor[];

/** The step of an operator's cell. Definitions: ONNX operators RNN, GRU, LSTM. */
export function makeCell(
  operator: RecurrentOperator,
  direction: RecurrentDirection,
  weights: DirectionWeights,
): CellStep {
  const cell = new Cell(operator, direction, weights);
  switch (operator.cell) {
    case 'simple':
      return (product, [h = product]) => cell.simple(product, h);
    case 'lstm':
      return (product, [h = product, c = product]) => cell.lstm(product, h, c);
    case 'gru':
      return operator.resetAfter
        ? (product, [h = product]) => cell.gruResetAfter(product, h)
        : (product, [h = product]) => cell.gruResetBefore(product, h);
  }
}

class Cell {
  constructor(
    private readonly operator: RecurrentOperator,
    private readonly direction: RecurrentDirection,
    private readonly weights: DirectionWeights,
  ) {}

  simple(product: tf.Tensor, h: tf.Tensor): readonly tf.Tensor[] {
    const sum = tf.add(product, this.recurrent(h));
    return [this.activate(this.direction.activation, sum)];
  }

  lstm(product: tf.Tensor, h: tf.Tensor, c: tf.Tensor): readonly tf.Tensor[] {
    const { activation, outputActivation, gateActivation } = this.direction;
    const sums = this.gates(tf.add(product, this.recurrent(h)));
    const input = this.activate(gateActivation, sums('i'));
    const forget = this.activate(gateActivation, sums('f'));
    const output = this.activate(gateActivation, sums('o'));
    const candidate = this.activate(activation, sums('c'));
    const cell = tf.add(tf.mul(forget, c), tf.mul(input, candidate));
    // The cell state is no gate: ONNX Runtime does not clip it.
    return [tf.mul(output, runActivation(outputActivation, cell)), cell];
  }

  gruResetAfter(product: tf.Tensor, h: tf.Tensor): readonly tf.Tensor[] {
    const { activation, gateActivation } = this.direction;
    const [inputs, states] = [this.gates(product), this.gates(this.recurrent(h))];
    const update = this.activate(gateActivation, tf.add(inputs('z'), states('z')));
    const reset = this.activate(gateActivation, tf.add(inputs('r'), states('r')));
    const sum = tf.add(inputs('h'), tf.mul(reset, states('h')));
    return [between(update, this.activate(activation, sum), h)];
  }

  gruResetBefore(product: tf.Tensor, h: tf.Tensor): readonly tf.Tensor[] {
    const { activation, gateActivation } = this.direction;
    const { units } = this.operator;
    const { recurrentKernel, recurrentBias } = this.weights;
    // The candidate's product waits for the reset gate.
    const gateKernel = tf.slice(recurrentKernel, [0, 0], [units, 2 * units]);
    const candidateKernel = tf.slice(recurrentKernel, [0, 2 * units], [units, units]);
    const biased = recurrentBias === null ? product : tf.add(product, recurrentBias);
    const inputs = this.gates(biased);
    const gateProduct = times(h, gateKernel);
    const [forUpdate, forReset] = tf.split(gateProduct, 2, 1);
    if (forUpdate === undefined || forReset === undefined) throw new Error('two gates');
    const update = this.activate(gateActivation, tf.add(inputs('z'), forUpdate));
    const reset = this.activate(gateActivation, tf.add(inputs('r'), forReset));
    const sum = tf.add(inputs('h'), times(tf.mul(reset, h), candidateKernel));
    return [between(update, this.activate(activation, sum), h)];
  }

  private recurrent(h: tf.Tensor): tf.Tensor {
    const { recurrentKernel, recurrentBias } = this.weights;
    const product = times(h, recurrentKernel);
    return recurrentBias === null ? product : tf.add(product, recurrentBias);
  }

  /** Gates of a sum by their letter. */
  private gates(sum: tf.Tensor): (letter: string) => tf.Tensor {
    const { gateOrder } = this.operator;
    const parts = tf.split(sum, gateOrder.length, 1);
    return (letter) => {
      const part = parts[gateOrder.indexOf(letter)];
      if (part === undefined) throw new Error(`there is no gate ${letter} in ${gateOrder}`);
      return part;
    };
  }

  private activate(activation: ActivationFunction, x: tf.Tensor): tf.Tensor {
    const { clip } = this.operator;
    return runActivation(activation, clip === null ? x : tf.clipByValue(x, -clip, clip));
  }
}

/** The old state where the update gate is 1. */
function between(update: tf.Tensor, candidate: tf.Tensor, h: tf.Tensor): tf.Tensor {
  return tf.add(candidate, tf.mul(update, tf.sub(h, candidate)));
}

function times(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.matMul(a, b);
}
