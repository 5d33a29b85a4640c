import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import { hostOf } from '../../../graph/lowering/loweredValue';
import { hostVector, isKnown } from '../../../graph/lowering/hostValue';
import { hostResult } from '../../../graph/lowering/loweredValue';
import type { ActivationFunction } from '../../../graph/operators/activation';
import type { RecurrentDirection, RecurrentOperator } from '../../../graph/operators/recurrent';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

type Cell = RecurrentOperator['cell'];

/** Of the gates, the candidate and the hidden output, as far as the cell has them, for one direction. */
const USUAL: Readonly<Record<Cell, readonly string[]>> = {
  simple: ['Tanh'],
  gru: ['Sigmoid', 'Tanh'],
  lstm: ['Sigmoid', 'Tanh', 'Tanh'],
};

const GATE_ORDER: Readonly<Record<Cell, RecurrentOperator['gateOrder']>> = {
  simple: 'h',
  gru: 'zrh',
  lstm: 'iofc',
};

/** Inputs: X, W, R, B, sequence_lens, initial_h, and of an LSTM initial_c and P. */
const recurrent =
  (cell: Cell): LowerNode =>
  (node) => {
    assertPlainGates(node, cell);
    const [x, kernel, recurrentKernel] = [node.input(0), node.input(1), node.input(2)];
    const units = node.shape(recurrentKernel).at(-1) ?? -1;
    const batchFirst = node.int('layout', 0) !== 0;
    const clip = node.attribute('clip')?.float ?? null;
    const operator: RecurrentOperator = {
      kind: 'recurrent',
      cell,
      form: 'onnx',
      units: node.int('hidden_size', units),
      gateOrder: GATE_ORDER[cell],
      directions: directionsOf(node, cell),
      batchFirst,
      resetAfter: node.int('linear_before_reset', 0) !== 0,
      clip,
    };
    const states = [stateOf(node, 5), cell === 'lstm' ? stateOf(node, 6) : null];
    const mask = maskOf(node, x, batchFirst);
    return node.emitAll(operator, [x, kernel, recurrentKernel, node.optional(3), ...states, mask]);
  };

function assertPlainGates(node: NodeContext, cell: Cell): void {
  if (cell !== 'lstm') return;
  if (node.int('input_forget', 0) !== 0) {
    throw node.unsupported('input_forget', 'gates of their own for input and forgetting');
  }
  const peepholes = node.optional(7);
  if (peepholes === null || isZero(peepholes)) return;
  throw node.unsupported('peepholes', 'an LSTM without them');
}

/** Null where the layer starts from zeros anyway. */
function stateOf(node: NodeContext, index: number): LoweredValue | null {
  const state = node.optional(index);
  return state === null || isZero(state) ? null : state;
}

function isZero(value: LoweredValue): boolean {
  if (value.kind === 'uniform') return value.element === 0;
  return hostOf(value)?.elements.every((element) => element === 0) ?? false;
}

/** Which steps count for each sample; null where all do. */
function maskOf(node: NodeContext, x: LoweredValue, batchFirst: boolean): LoweredValue | null {
  const lengths = node.optional(4);
  if (lengths === null) return null;
  const time = node.shape(x)[batchFirst ? 1 : 0] ?? -1;
  if (time < 0) throw node.unsupported('lengths of an open sequence', 'sizes that are given');
  const host = hostOf(lengths);
  if (host?.elements.every((length) => length === time) === true) return null;
  if (lengths.kind === 'uniform' && lengths.element === time) return null;
  if (host !== null && !isKnown(host)) {
    throw node.unsupported('lengths that depend on open sizes', 'sizes that are given');
  }
  const steps = hostResult({
    ...hostVector(node.range(time)),
    shape: [1, time],
  });
  return node.emit({ kind: 'compare', mode: 'less' }, steps, node.reshape(lengths, [-1, 1]));
}

function directionsOf(node: NodeContext, cell: Cell): readonly RecurrentDirection[] {
  const name = node.text('direction', 'forward');
  const reversed = { forward: [false], reverse: [true], bidirectional: [false, true] }[name];
  if (reversed === undefined) {
    throw node.unsupported(`direction ${name}`, 'forward, reverse, bidirectional');
  }
  const parameters = new ActivationParameters(node);
  const given = node.texts('activations') ?? [];
  const names = given.length > 0 ? given : reversed.flatMap(() => USUAL[cell]);
  const functions = names.map((one) => parameters.activation(one));
  const count = USUAL[cell].length;
  return reversed.map((reverse, i) =>
    directionOf(node, cell, reverse, functions.slice(i * count, (i + 1) * count)),
  );
}

function directionOf(
  node: NodeContext,
  cell: Cell,
  reverse: boolean,
  functions: readonly ActivationFunction[],
): RecurrentDirection {
  const [first, second = first, third = second] = functions;
  if (first === undefined || second === undefined || third === undefined) {
    throw node.unsupported('too few activations', `${USUAL[cell].length} for each direction`);
  }
  if (cell === 'simple') {
    return { reverse, activation: first, outputActivation: first, gateActivation: first };
  }
  return { reverse, gateActivation: first, activation: second, outputActivation: third };
}

/** Parameters stand in two lists, from which each function that needs one takes the next. */
class ActivationParameters {
  private readonly alphas: number[];
  private readonly betas: number[];

  constructor(private readonly node: NodeContext) {
    this.alphas = [...(node.floats('activation_alpha') ?? [])];
    this.betas = [...(node.floats('activation_beta') ?? [])];
  }

  /** Source: the defaults of ONNX's RNN operators. */
  activation(name: string): ActivationFunction {
    switch (name.toLowerCase()) {
      case 'relu':
        return { name: 'relu', max: null, negativeSlope: 0, threshold: 0 };
      case 'tanh':
        return { name: 'tanh' };
      case 'sigmoid':
        return { name: 'sigmoid' };
      case 'softsign':
        return { name: 'softsign' };
      case 'softplus':
        return { name: 'softplus' };
      case 'leakyrelu':
        return { name: 'relu', max: null, negativeSlope: this.alpha(0.01), threshold: 0 };
      case 'thresholdedrelu':
        return { name: 'relu', max: null, negativeSlope: 0, threshold: this.alpha(1) };
      case 'elu':
        return { name: 'elu', alpha: this.alpha(1) };
      case 'hardsigmoid':
        return { name: 'hardSigmoid', slope: this.alpha(0.2), offset: this.beta(0.5) };
      default:
        throw this.node.unsupported(`activation ${name}`, 'Tanh, Sigmoid, Relu and the like');
    }
  }

  private alpha(otherwise: number): number {
    return this.alphas.shift() ?? otherwise;
  }

  private beta(otherwise: number): number {
    return this.betas.shift() ?? otherwise;
  }
}

/** Source: Operators.md of ONNX 1.23. */
export const RECURRENT: LoweringTable = {
  RNN: recurrent('simple'),
  GRU: recurrent('gru'),
  LSTM: recurrent('lstm'),
};
