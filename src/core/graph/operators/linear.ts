import type { DataFormat } from '../graph';

/**
 * y = x W + b over the last axis of x, whatever stands before it.
 * Inputs: x [..., in], kernel, bias [out] or null.
 */
export interface DenseOperator {
  readonly kind: 'dense';
  /** Kernel [in, out], or [out, in]. */
  readonly kernelLayout: 'in-out' | 'out-in';
}

/** A B over the last two axes, the axes before them broadcast as in NumPy. Inputs: a, b of rank >= 2. */
export interface MatMulOperator {
  readonly kind: 'matMul';
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Elements before and after along one axis. */
export type Sides = readonly [before: number, after: number];

/**
 * Padding along each spatial axis: given, none, or such that size / stride positions fit, with the odd
 * element after (`same`) or before (`sameLower`).
 */
export type Padding = 'same' | 'sameLower' | 'valid' | readonly Sides[];

/** What windows over one or two spatial axes have in common; lists have one entry an axis. */
export interface WindowAttributes {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Padding;
  readonly dataFormat: DataFormat;
}

/**
 * Convolution over one or two spatial axes, without flipping the kernel.
 * Inputs: x, kernel, bias [out] or null.
 */
export interface ConvolutionOperator extends WindowAttributes {
  readonly kind: 'convolution';
  /** [...spatial, in / groups, out] as Keras and TensorFlow store it, or [out, in / groups, ...spatial] as PyTorch and ONNX do. */
  readonly kernelLayout: 'spatial-in-out' | 'out-in-spatial';
  readonly groups: number;
}

/** Inputs: x, kernel [...spatial, channels, multiplier], bias [channels * multiplier] or null. */
export interface DepthwiseConvolutionOperator extends WindowAttributes {
  readonly kind: 'depthwiseConvolution';
}

/**
 * The gradient of a convolution with respect to its input, used as a layer.
 * Inputs: x, kernel, bias [out] or null.
 */
export interface TransposedConvolutionOperator extends WindowAttributes {
  readonly kind: 'transposedConvolution';
  /** [...spatial, out, in] as Keras stores it, or [in, out / groups, ...spatial] as PyTorch and ONNX do. */
  readonly kernelLayout: 'spatial-out-in' | 'in-out-spatial';
  readonly groups: number;
  /** Elements added after each spatial axis of the output; null: as the padding gives (Keras: size * stride for `same`). */
  readonly outputPadding: readonly number[] | null;
}
