import type { ActivationFunction } from './activation';

/**
 * A recurrent layer over a sequence.
 *
 * Inputs: x, kernel, recurrent kernel, bias or null, initial hidden state or null, initial cell state or null
 * (LSTM), mask [batch, time] (bool) or null. At a step that does not count states stay as they are; the sequence
 * repeats the output before it in the form `keras` (zeros at the start), and is zero in `onnx`.
 * Outputs: sequence, last hidden state, last cell state (LSTM); null where nothing reads them.
 *
 * In the form `keras`, with one direction: x [batch, time, in], kernel [in, gates * units], recurrent kernel
 * [units, gates * units], bias [gates * units], or [2, gates * units] for a GRU that resets after;
 * sequence [batch, time, units], states [batch, units].
 *
 * In the form `onnx`, with D directions: x [time, batch, in], or [batch, time, in] where `batchFirst`; kernel
 * [D, gates * units, in], recurrent kernel [D, gates * units, units], bias [D, 2 * gates * units] (input's, then
 * recurrent); sequence [time, D, batch, units] or [batch, time, D, units], states [D, batch, units] or
 * [batch, D, units]; initial states like these states. Source: ONNX operators RNN, GRU, LSTM.
 */
export interface RecurrentOperator {
  readonly kind: 'recurrent';
  readonly cell: 'simple' | 'gru' | 'lstm';
  readonly form: 'keras' | 'onnx';
  readonly units: number;
  /** `i` input, `f` forget, `c` cell, `o` output; `z` update, `r` reset, `h` hidden: as the kernels hold them. */
  readonly gateOrder: 'h' | 'ifco' | 'iofc' | 'zrh';
  /** One entry in the form `keras`, one or two in `onnx`. */
  readonly directions: readonly RecurrentDirection[];
  readonly batchFirst: boolean;
  /** GRU: whether the reset gate is applied after the recurrent product (Keras reset_after, ONNX linear_before_reset). */
  readonly resetAfter: boolean;
  /** The inputs of gates and candidate are kept within plus and minus this, an LSTM's cell state is not; null: none are. */
  readonly clip: number | null;
}

export interface RecurrentDirection {
  /**
   * Reads the sequence from its end. What it makes of an element stands at that element's place, in both
   * forms: Keras' `go_backwards`, which gives the order it was made in, is this and a reversal.
   */
  readonly reverse: boolean;
  /** Of the cell's candidate, and for LSTM of the hidden output. */
  readonly activation: ActivationFunction;
  /** Of an LSTM's hidden output. */
  readonly outputActivation: ActivationFunction;
  /** Of the gates. */
  readonly gateActivation: ActivationFunction;
}
