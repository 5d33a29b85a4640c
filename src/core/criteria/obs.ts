import { removeWeightsInPlace } from '../kernels/pivotedRemovalKernel';
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
 * round(sparsity * inputs) go, half to even. Yields after each output.
 * O(inputs^3 + outputs * inputs * k^2) for k weights an output.
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
  const scratch = {
    rows: new Float64Array(count * inputs),
    diagonal: new Float64Array(inputs),
  };
  const all = Int32Array.from({ length: inputs }, (_, i) => i);
  const row = new Float64Array(inputs);
  for (let output = 0; output < outputs; output++) {
    yield output / outputs;
    const column = { offset: output, stride: outputs };
    gatherStrided(weights, all, column, row);
    removeWeightsInPlace(row, inverse, count, scratch);
    scatterStrided(weights, all, column, row);
  }
  return weights;
}
