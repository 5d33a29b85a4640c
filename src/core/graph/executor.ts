/** Values of one network input or output, batch first, in C order. */
export interface DenseArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A graph ready to run, with its weights. Holds memory outside the garbage collector until disposed. */
export interface Executor {
  /** In words for the user, e.g. `TensorFlow.js wasm (SIMD)`. */
  readonly engine: string;
  /**
   * One batch. Inputs in the order of the graph's inputs, outputs in the order of its outputs.
   * @throws UnsupportedError when the graph has an operator that the engine does not know.
   */
  run(inputs: readonly DenseArray[]): Promise<readonly DenseArray[]>;
  dispose(): void;
}
