import { addProductInPlace } from '../kernels/productKernel';
import { gatherSquare, gatherStrided, scatterStrided } from '../kernels/supportKernels';
import { solveFactoredInPlace } from '../kernels/triangularKernels';
import { factorInPlace } from '../linearAlgebra/cholesky';
import { dampedHessian, type SolveOptions } from '../linearAlgebra/hessian';
import type { InputProduct, Steps, WeightMatrix } from '../linearAlgebra/inputProduct';
import { roundHalfEven } from '../selection/roundHalfEven';

/**
 * The least-squares weights of a layer on its inputs, as magnitudes: |w_ls|, w_ls = (H + lam I)^-1 (H + lam I) w. While
 * no weight is missing they give the layer's outputs back by being what they are, so w_ls = w; once some are, see
 * {@link solveOnSupport}. By the weights alone, but the new weights need X X^T of data without labels. O(weights).
 * Source: Castellano, Fanelli and Pelillo, An iterative pruning algorithm for feedforward neural networks, 1997, which
 * solves for the weights that stay by least squares on a layer's inputs.
 * @returns one a weight, in the matrix's layout
 */
export function leastSquaresScore({ values }: WeightMatrix): Float64Array<ArrayBuffer> {
  return Float64Array.from(values, Math.abs);
}

/**
 * Of each output the round(sparsity * inputs) weights (half to even) with the smallest |w_ls| go, ties by index;
 * the others are solved for anew, see {@link solveOnSupport}.
 */
export function* leastSquaresPrune(
  weights: WeightMatrix,
  product: InputProduct,
  { sparsity, ...options }: SolveOptions & { readonly sparsity: number },
): Steps<Float64Array<ArrayBuffer>> {
  const scores = leastSquaresScore(weights);
  const flags = smallestOfEachOutput(weights, scores, roundHalfEven(sparsity * weights.inputs));
  return yield* solveOnSupport(weights, product, { ...options, flags });
}

/**
 * The best weights on what is left of each output: w_S = (H_SS + lam I)^-1 ((H + lam I) w)_S, with H = 2/N X X^T, lam
 * the damping times H's mean diagonal and S the inputs whose weights stay. Among all weights on S these change the
 * layer's outputs least, as near to w as the damping says. Yields after each output.
 * O(outputs * |S|^3 / 3); outputs with the S of the one before share its factor.
 * @param flags one a weight in the matrix's layout, not 0 where it goes
 * @returns the new weights, 0 where one goes
 * @throws UnsupportedError where H_SS is not positive definite.
 */
export function* solveOnSupport(
  { inputs, outputs, values }: WeightMatrix,
  product: InputProduct,
  { flags, damping, place }: SolveOptions & { readonly flags: Uint8Array },
): Steps<Float64Array<ArrayBuffer>> {
  const hessian = dampedHessian(product, { damping, over: 'mean' });
  const wanted = timesHessian(hessian, { inputs, outputs, values });
  const solved = new Float64Array(values.length);
  let support = new Int32Array(0);
  let factor = new Float64Array(0);
  for (let output = 0; output < outputs; output++) {
    yield output / outputs;
    const kept = keptInputs(flags, { output, inputs, outputs });
    const column = { offset: output, stride: outputs };
    const solution = new Float64Array(kept.length);
    if (kept.length === inputs) {
      gatherStrided(values, kept, column, solution);
    } else if (kept.length > 0) {
      if (!sameIndices(kept, support)) {
        support = kept;
        factor = new Float64Array(kept.length ** 2);
        gatherSquare(hessian, inputs, kept, factor);
        factorInPlace(factor, kept.length, place);
      }
      gatherStrided(wanted, kept, column, solution);
      solveFactoredInPlace(factor, kept.length, solution);
    }
    scatterStrided(solved, kept, column, solution);
  }
  return solved;
}

/** (H + lam I) w of all outputs, laid out as the weights are. */
function timesHessian(
  hessian: Float64Array,
  { inputs, outputs, values }: WeightMatrix,
): Float64Array<ArrayBuffer> {
  const product = new Float64Array(values.length);
  const rows = { offset: 0, rowStride: outputs, columnStride: 1, rows: inputs, columns: outputs };
  const square = { offset: 0, rowStride: inputs, columnStride: 1, rows: inputs, columns: inputs };
  addProductInPlace(
    { values: product, ...rows },
    { values: hessian, ...square },
    { values, ...rows },
    { factor: 1 },
  );
  return product;
}

function smallestOfEachOutput(
  { inputs, outputs }: WeightMatrix,
  scores: Float64Array,
  count: number,
): Uint8Array {
  const flags = new Uint8Array(scores.length);
  for (let output = 0; output < outputs; output++) {
    const scoreOf = (input: number): number => scores[input * outputs + output] ?? 0;
    const order = Array.from({ length: inputs }, (_, i) => i).sort(
      (a, b) => scoreOf(a) - scoreOf(b),
    );
    for (const input of order.slice(0, count)) flags[input * outputs + output] = 1;
  }
  return flags;
}

function keptInputs(
  flags: Uint8Array,
  { output, inputs, outputs }: { output: number; inputs: number; outputs: number },
): Int32Array<ArrayBuffer> {
  const kept = new Int32Array(inputs);
  let count = 0;
  for (let i = 0; i < inputs; i++) if (flags[i * outputs + output] === 0) kept[count++] = i;
  return kept.slice(0, count);
}

function sameIndices(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((index, i) => index === b[i]);
}
