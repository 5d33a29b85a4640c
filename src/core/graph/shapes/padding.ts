import type { Padding, Sides } from '../operators/linear';

/** A window along one spatial axis. */
export interface AxisWindow {
  readonly stride: number;
  /** From the first to the last element it reads, with what dilation leaves out. */
  readonly extent: number;
  readonly padding: Padding;
  readonly axis: number;
}

/** What is padded before and after an axis of a known length. Source: the schemes of tf.nn.convolution. */
export function paddedSides(length: number, { stride, extent, padding, axis }: AxisWindow): Sides {
  if (padding === 'valid') return [0, 0];
  if (padding !== 'same' && padding !== 'sameLower') return padding[axis] ?? [0, 0];
  const count = Math.ceil(length / stride);
  const total = Math.max((count - 1) * stride + extent - length, 0);
  return halvedSides(total, padding);
}

/** The odd element goes after with `same`, before with `sameLower`. */
export function halvedSides(total: number, padding: 'same' | 'sameLower'): Sides {
  const less = Math.floor(total / 2);
  return padding === 'same' ? [less, total - less] : [total - less, less];
}

/**
 * At how many places a window stands.
 * @param ceil whether a last window that reaches beyond the padded input counts, as ONNX' ceil_mode
 */
export function windowCount(length: number, window: AxisWindow, ceil: boolean): number {
  const { stride, extent, padding } = window;
  if (padding === 'same' || padding === 'sameLower') return Math.ceil(length / stride);
  const [before, after] = paddedSides(length, window);
  const steps = (length + before + after - extent) / stride;
  const count = Math.max(0, (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1);
  // A window that would begin in the padding behind the input does not count.
  return ceil && (count - 1) * stride >= length + before ? count - 1 : count;
}

/**
 * What a transposed convolution cuts off before an axis.
 * @param total by how much the whole is longer than what is wanted
 */
export function cutBefore(padding: Padding, axis: number, total: number): number {
  if (padding === 'valid') return 0;
  if (padding === 'same' || padding === 'sameLower') return halvedSides(total, padding)[0];
  return padding[axis]?.[0] ?? 0;
}
