import { removeWeights } from '../kernels/pivotedRemovalKernel';
import { makeRemovalRoom } from '../kernels/removalState';
import { gatherStrided, scatterStrided } from '../kernels/supportKernels';
import { factorOfInverse, inverseDiagonal, invertSymmetric } from '../linearAlgebra/cholesky';
import { dampedHessian, type SolveOptions } from '../linearAlgebra/hessian';
import type { InputProduct, Steps, WeightMatrix } from '../linearAlgebra/inputProduct';
import { roundHalfEven } from '../selection/roundHalfEven';

/**
 * Optimal brain surgeon, layer by layer: what the layer's squared output error grows by without a weight when the
 * other weights of its output make up for it, w_q^2 / (2 [H^-1]_qq), with H = 2/N X X^T plus damping times its mean
 * diagonal. Needs X X^T of data without labels. O(inputs^3 + inputs * outputs).
 * Source: Hassibi and Stork, Second order derivatives for network pruning: optimal brain surgeon, 1992.
 * @returns one a weight, in the matrix's layout
 * @throws UnsupportedError where H is not positive definite.
 */
export function obsScore(
  { inputs, outputs, values }: WeightMatrix,
  product: InputProduct,
  { damping, place }: SolveOptions,
): Float64Array<ArrayBuffer> {
  const hessian = dampedHessian(product, { damping, over: 'mean' });
  const diagonal = inverseDiagonal(factorOfInverse(hessian, inputs, place), inputs);
  return Float64Array.from(
    values,
    (weight, i) => (weight * weight) / (2 * (diagonal[Math.floor(i / outputs)] ?? 1)),
  );
}

/**
 * The exact optimal brain surgeon for each output by itself: again and again the weight with the smallest
 * w_q^2 / [H^-1]_qq goes, the others are updated, H^-1 becomes that of what is left. Of each output
 * round(sparsity * inputs) go, half to even. Yields some times an output.
 * inputs^3 multiplications, and k^2 (inputs / 2 - k / 3) for each output that loses k.
 * Source: Frantar and Alistarh, Optimal brain compression, 2022.
 * @returns the new weights in the matrix's layout, 0 where one goes
 * @throws UnsupportedError where H is not positive definite.
 */
export function* obsPrune(
  { inputs, outputs, values }: WeightMatrix,
  product: InputProduct,
  { sparsity, damping, place }: SolveOptions & { readonly sparsity: number },
): Steps<Float64Array<ArrayBuffer>> {
  const weights = Float64Array.from(values);
  const count = roundHalfEven(sparsity * inputs);
  const hessian = dampedHessian(product, { damping, over: 'mean' });
  const inverse = invertSymmetric(hessian, inputs, place);
  const room = makeRemovalRoom(inputs, count);
  const all = Int32Array.from({ length: inputs }, (_, i) => i);
  const row = new Float64Array(inputs);
  for (let output = 0; output < outputs; output++) {
    const column = { offset: output, stride: outputs };
    gatherStrided(weights, all, column, row);
    for (const share of removeWeights(row, inverse, count, room)) yield (output + share) / outputs;
    scatterStrided(weights, all, column, row);
  }
  return weights;
}
