/** Which weights of a block of inputs go: one flag a weight, laid out as the weights are. */
export type Flags = Uint8Array;

/** Some inputs of a weight matrix [inputs, outputs], one after the other. */
export interface SweepBlock {
  /** The first input of the block, and the first behind it. */
  readonly first: number;
  readonly end: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * Goes through the inputs of a block one by one: the flagged weights of an input become 0, and the inputs of the
 * block that follow take over what that costs, w_j -= w_q / U_qq * U_qj.
 * @param weights [inputs, outputs], changed in place
 * @param factor U [inputs, inputs], upper triangular
 * @param errors receives w_q / U_qq of the weights that go, else 0: [inputs of the block, outputs]
 * @param beforeInput called before each input, so that flags may depend on what came before
 */
export function sweepInputsInPlace(
  weights: Float64Array,
  factor: Float64Array,
  { first, end, inputs, outputs }: SweepBlock,
  {
    flags,
    errors,
    beforeInput,
  }: {
    readonly flags: Flags;
    readonly errors: Float64Array;
    readonly beforeInput?: ((input: number) => void) | undefined;
  },
): void {
  for (let input = first; input < end; input++) {
    beforeInput?.(input);
    const from = input * outputs;
    const row = (input - first) * outputs;
    const pivot = factor[input * inputs + input];
    for (let o = 0; o < outputs; o++) {
      const goes = flags[from + o] !== 0;
      errors[row + o] = goes ? weights[from + o] / pivot : 0;
      if (goes) weights[from + o] = 0;
    }
    for (let later = input + 1; later < end; later++) {
      const share = factor[input * inputs + later];
      const to = later * outputs;
      for (let o = 0; o < outputs; o++) weights[to + o] -= errors[row + o] * share;
    }
  }
}

/** target = w^2 / U_qq^2 for the weights of some inputs. */
export function pivotScores(
  weights: Float64Array,
  factor: Float64Array,
  { first, end, inputs, outputs }: SweepBlock,
  target: Float64Array,
): void {
  for (let input = first, to = 0; input < end; input++) {
    const pivot = factor[input * inputs + input];
    for (let o = 0; o < outputs; o++, to++) {
      const scaled = weights[input * outputs + o] / pivot;
      target[to] = scaled * scaled;
    }
  }
}
