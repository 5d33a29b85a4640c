/**
 * One representation for every format that has a graph. Nodes stand in an order in which each comes
 * after what it reads. Shapes are per sample batch: the first dimension is the batch, -1 where open.
 */
export interface Graph {
  readonly inputs: readonly GraphInput[];
  /** Values that the model returns, in the file's order. */
  readonly outputs: readonly GraphOutput[];
  readonly nodes: readonly GraphNode[];
}

export interface GraphInput {
  /** The value's id, as nodes refer to it. */
  readonly value: string;
  /** The name the user sees and passes. */
  readonly name: string;
  /** With the batch first; -1 where the file leaves a dimension open. */
  readonly shape: readonly number[];
}

export interface GraphOutput {
  readonly value: string;
  readonly name: string;
}

export interface GraphNode {
  /** Unique; the layer's own name, with a suffix where a layer is used more than once. */
  readonly id: string;
  /** The layer of the source file that this node came from. */
  readonly layer: string;
  readonly operator: Operator;
  /** Ids of the values read, in the operator's order. */
  readonly inputs: readonly string[];
  /** The id of the one value made. */
  readonly output: string;
}

export type DataFormat = 'channelsLast' | 'channelsFirst';

/** Padding in pixels before and after, for height and width, or computed from the input's size. */
export type Padding2d =
  'same' | 'valid' | readonly [readonly [number, number], readonly [number, number]];

/** The name of a tensor of the model; the operator says in which layout it is stored. */
export type ParameterName = string;

export type Operator =
  | DenseOperator
  | Conv2dOperator
  | DepthwiseConv2dOperator
  | Pool2dOperator
  | GlobalPool2dOperator
  | BatchNormalizationOperator
  | ActivationOperator
  | IdentityOperator
  | FlattenOperator
  | ReshapeOperator
  | ZeroPadding2dOperator
  | MergeOperator
  | ConcatenateOperator
  | OpaqueOperator;

/** y = x W + b over the last axis. Kernel [in, out] or [out, in]. */
export interface DenseOperator {
  readonly kind: 'dense';
  readonly kernel: ParameterName;
  readonly kernelLayout: 'in-out' | 'out-in';
  readonly bias: ParameterName | null;
}

/** Kernel HWIO as Keras and TensorFlow.js store it, or OIHW as PyTorch and ONNX do. */
export interface Conv2dOperator {
  readonly kind: 'conv2d';
  readonly kernel: ParameterName;
  readonly kernelLayout: 'HWIO' | 'OIHW';
  readonly bias: ParameterName | null;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: Padding2d;
  readonly dataFormat: DataFormat;
  readonly groups: number;
}

/** Kernel [height, width, channels, multiplier]. */
export interface DepthwiseConv2dOperator {
  readonly kind: 'depthwiseConv2d';
  readonly kernel: ParameterName;
  readonly kernelLayout: 'HWCM';
  readonly bias: ParameterName | null;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: Padding2d;
  readonly dataFormat: DataFormat;
}

export interface Pool2dOperator {
  readonly kind: 'pool2d';
  readonly mode: 'max' | 'average';
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding2d;
  readonly dataFormat: DataFormat;
}

export interface GlobalPool2dOperator {
  readonly kind: 'globalPool2d';
  readonly mode: 'max' | 'average';
  readonly dataFormat: DataFormat;
  readonly keepDims: boolean;
}

/** (x - mean) / sqrt(variance + epsilon) * gamma + beta along `axis`, with the stored statistics. */
export interface BatchNormalizationOperator {
  readonly kind: 'batchNormalization';
  /** May be negative: counted from the last axis. */
  readonly axis: number;
  readonly epsilon: number;
  readonly gamma: ParameterName | null;
  readonly beta: ParameterName | null;
  readonly mean: ParameterName;
  readonly variance: ParameterName;
}

export type ActivationFunction =
  | { readonly name: 'linear' }
  | {
      readonly name: 'relu';
      readonly max: number | null;
      readonly negativeSlope: number;
      readonly threshold: number;
    }
  | { readonly name: 'elu'; readonly alpha: number }
  | { readonly name: 'celu'; readonly alpha: number }
  | { readonly name: 'selu' }
  | { readonly name: 'gelu'; readonly approximate: boolean }
  | { readonly name: 'sigmoid' }
  | { readonly name: 'logSigmoid' }
  | { readonly name: 'hardSigmoid'; readonly slope: number; readonly offset: number }
  | { readonly name: 'tanh' }
  | { readonly name: 'hardTanh' }
  | { readonly name: 'tanhShrink' }
  | { readonly name: 'softShrink'; readonly threshold: number }
  | { readonly name: 'hardShrink'; readonly threshold: number }
  | { readonly name: 'softplus' }
  | { readonly name: 'softsign' }
  | { readonly name: 'squareplus'; readonly b: number }
  | { readonly name: 'sparsePlus' }
  | { readonly name: 'swish' }
  | { readonly name: 'hardSwish' }
  | { readonly name: 'mish' }
  /** Halves the axis: the first half times the sigmoid of the second. */
  | { readonly name: 'glu'; readonly axis: number }
  | { readonly name: 'exponential' }
  | { readonly name: 'softmax'; readonly axis: number }
  | { readonly name: 'logSoftmax'; readonly axis: number }
  | { readonly name: 'sparsemax'; readonly axis: number };

export interface ActivationOperator {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
}

/** Dropout and the like at inference. */
export interface IdentityOperator {
  readonly kind: 'identity';
}

/**
 * Everything after the batch into one axis, channels last: with `channelsFirst` the channels (axis 1)
 * are moved to the end before, as Keras does. `channelsLast` leaves the order as it is.
 */
export interface FlattenOperator {
  readonly kind: 'flatten';
  readonly dataFormat: DataFormat;
}

/** The shape of one sample; one entry may be -1. */
export interface ReshapeOperator {
  readonly kind: 'reshape';
  readonly sampleShape: readonly number[];
}

export interface ZeroPadding2dOperator {
  readonly kind: 'zeroPadding2d';
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly dataFormat: DataFormat;
}

/** Element by element over two or more inputs, with broadcasting. */
export interface MergeOperator {
  readonly kind: 'merge';
  readonly mode: 'add' | 'subtract' | 'multiply' | 'average' | 'maximum' | 'minimum';
}

export interface ConcatenateOperator {
  readonly kind: 'concatenate';
  /** May be negative: counted from the last axis. */
  readonly axis: number;
}

/** Outside the set: the graph is shown and pruned by weight, but cannot be run by the own executor. */
export interface OpaqueOperator {
  readonly kind: 'opaque';
  /** The operator's name in the source format. */
  readonly name: string;
}
