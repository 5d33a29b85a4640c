import { UnsupportedError } from '../errors';
import {
  antiTransposeInPlace,
  choleskyInPlace,
  invertUpper,
  upperTimesTransposed,
} from '../kernels/triangularKernels';

/**
 * The upper Cholesky factor U of a symmetric matrix, A = U^T U, in place of its upper triangle. n^3 / 3.
 * @param place whose matrix it is, for the message
 * @throws UnsupportedError naming the pivot where A is not positive definite.
 */
export function factorInPlace(values: Float64Array, size: number, place: string): void {
  const failed = choleskyInPlace(values, size);
  if (failed === null) return;
  throw new UnsupportedError({
    feature: `solving for the weights of ${place}`,
    found: `pivot ${failed.index + 1} of ${size} is ${failed.value}, so what the layer reads on the data does not determine them`,
    supported: 'finite inputs with more damping (option damping, a share of the mean diagonal)',
  });
}

/**
 * A^-1 of a symmetric positive definite matrix, of which `values` is overwritten. Both triangles. n^3.
 * @throws as {@link factorInPlace}
 */
export function invertSymmetric(
  values: Float64Array,
  size: number,
  place: string,
): Float64Array<ArrayBuffer> {
  factorInPlace(values, size, place);
  return upperTimesTransposed(invertUpper(values, size), size);
}

/**
 * The upper Cholesky factor of A^-1, without A^-1 itself: with both orders turned round A = R R^T with R upper
 * triangular, so A^-1 = (R^-1)^T R^-1. `values` is overwritten. 2 n^3 / 3.
 * @param values both triangles of A
 * @returns zeros below the diagonal
 * @throws as {@link factorInPlace}
 */
export function factorOfInverse(
  values: Float64Array,
  size: number,
  place: string,
): Float64Array<ArrayBuffer> {
  values.reverse();
  factorInPlace(values, size, place);
  const factor = invertUpper(values, size);
  antiTransposeInPlace(factor, size);
  return factor;
}

/** The diagonal of A^-1, from the upper factor of A^-1 that {@link factorOfInverse} gives: sums of squares. */
export function inverseDiagonal(factor: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const diagonal = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const value = factor[i * size + j] ?? 0;
      diagonal[j] = (diagonal[j] ?? 0) + value * value;
    }
  }
  return diagonal;
}
