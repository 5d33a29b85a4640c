/**
 * What a layer reads on data, as X X^T: the sum over all samples of x x^T, x the vector that the layer's weights are
 * multiplied with. A position of a sequence, or of a convolution's window, counts as a sample.
 */
export interface InputProduct {
  /** Length of x. */
  readonly inputs: number;
  /** [inputs, inputs], both triangles. */
  readonly values: Float64Array;
  readonly samples: number;
}

/** The weights of a layer, or of one group of its units, as the matrix that x is multiplied with. */
export interface WeightMatrix {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs], row by row. */
  readonly values: Float64Array;
}

/** Work in parts: yields the share that is done, 0 to 1, where it can be left for a while. */
export type Steps<T> = Generator<number, T, undefined>;

/** All steps at once. */
export function finishSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
