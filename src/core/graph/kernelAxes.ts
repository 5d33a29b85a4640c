import type { Layer, TensorEntry } from '../model/model';

/** What the axes of a layer's weight stand for; every axis is in one list. */
export interface KernelAxes {
  /** Output units: neurons, filters, gates times hidden units. */
  readonly outputs: readonly number[];
  /** What the layer reads, channel by channel; empty where each output reads a channel of its own. */
  readonly inputs: readonly number[];
  /** A convolution's window; the directions of a recurrent layer. */
  readonly others: readonly number[];
}

/**
 * The axes of a layer's weight, by its operator and by where its units lie; null where that is not known.
 * PyTorch and ONNX keep [out, in, …window], and transposed convolutions [in, out, …window]; Keras
 * [...window, in, out], transposed [...window, out, in], depthwise [...window, channels, multiplier];
 * recurrent kernels are [in, gates * units] in Keras, [gates * units, in] in PyTorch, and
 * [directions, gates * units, in] in ONNX.
 */
export function kernelAxes(layer: Layer, { shape }: TensorEntry): KernelAxes | null {
  const rank = shape.length;
  if (layer.operator === 'recurrent' && layer.unitAxis === null) return recurrentAxes(layer, rank);
  const { unitAxis } = layer;
  if (unitAxis === null || rank < 2) return null;
  const input = inputAxis(layer, unitAxis, rank);
  const others = shape.map((_, axis) => axis).filter((axis) => axis !== unitAxis && axis !== input);
  return { outputs: [unitAxis], inputs: input === null ? [] : [input], others };
}

function recurrentAxes({ weight = '' }: Layer, rank: number): KernelAxes | null {
  // As torch.nn.LSTM, GRU and RNN name them.
  const isTorch = /(^|[./_])weight_(ih|hh)(_|$)/.test(weight);
  if (rank === 2 && isTorch) return { outputs: [0], inputs: [1], others: [] };
  if (rank === 2) return { outputs: [1], inputs: [0], others: [] };
  return rank === 3 ? { outputs: [1], inputs: [2], others: [0] } : null;
}

function inputAxis({ operator }: Layer, unitAxis: number, rank: number): number | null {
  switch (operator) {
    case 'embedding':
      return null;
    case 'depthwiseConv2d':
      return unitAxis === 0 ? 1 : null;
    case 'convTranspose':
      return unitAxis === 1 ? 0 : rank - 1;
    default:
      if (rank === 2) return 1 - unitAxis;
      return unitAxis === 0 ? 1 : rank - 2;
  }
}
