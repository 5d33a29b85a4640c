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
  | { readonly name: 'clip'; readonly min: number | null; readonly max: number | null }
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
  /**
   * max(x - tau, 0). `simplex`: the tau by which they sum to 1 (Martins and Astudillo, From softmax to sparsemax, 2016);
   * `keras`: the one of Keras 3, which counts the cumulated sums of the k largest, (sum of them - 1) / k.
   */
  | { readonly name: 'sparsemax'; readonly axis: number; readonly form: 'simplex' | 'keras' };

/** A function of each element, or along one axis, with nothing learned in it. Input: x. */
export interface ActivationOperator {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
}

/** x where it is positive, x * slope where not. Inputs: x, slope, broadcast to x as in NumPy. */
export interface PReluOperator {
  readonly kind: 'prelu';
}

export type UnaryFunction =
  | 'abs'
  | 'acos'
  | 'acosh'
  | 'asin'
  | 'asinh'
  | 'atan'
  | 'atanh'
  | 'ceil'
  | 'cos'
  | 'cosh'
  | 'erf'
  | 'expm1'
  | 'floor'
  | 'isInf'
  | 'isNaN'
  | 'log'
  | 'log1p'
  | 'negate'
  | 'not'
  | 'reciprocal'
  /** Half to even. */
  | 'round'
  | 'rsqrt'
  | 'sign'
  | 'sin'
  | 'sinh'
  | 'sqrt'
  | 'square'
  | 'tan';

/** Plain mathematics on each element. Input: x. */
export interface UnaryOperator {
  readonly kind: 'unary';
  readonly function: UnaryFunction;
}
