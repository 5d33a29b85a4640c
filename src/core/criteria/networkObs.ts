import { removeParameterInPlace } from '../kernels/networkObsKernel';
import { mirrorUpper } from '../kernels/triangularKernels';
import type { Steps } from '../linearAlgebra/inputProduct';

/** Added to the diagonal of a whole network's Hessian where nothing else is said. */
export const NETWORK_DAMPING = 1e-4;

/** The matrix with damping on its diagonal, both triangles. @param values upper triangle, overwritten */
export function dampedInPlace(values: Float64Array, size: number, damping: number): Float64Array {
  mirrorUpper(values, size);
  for (let i = 0; i < size; i++) values[i * (size + 1)] = (values[i * (size + 1)] ?? 0) + damping;
  return values;
}

/**
 * Optimal brain surgeon over the whole network: what the mean loss rises by without a parameter when all others, biases
 * too, make up for it: w_q^2 / (2 [H^-1]_qq), H the Gauss-Newton matrix of the mean loss by all parameters plus damping
 * times I. Needs data with labels and a network that can be differentiated; a pass back for each sample and output,
 * then O(n^3) for n parameters. Source: Hassibi and Stork, Second order derivatives for network pruning: optimal brain
 * surgeon, 1992.
 * @param theta one a parameter
 * @param inverseDiagonal of H^-1, as many
 */
export function networkObsScore(theta: Float64Array, inverseDiagonal: Float64Array): Float64Array {
  return theta.map((value, q) => (value * value) / (2 * (inverseDiagonal[q] ?? 1)));
}

/** Which parameters may go, and how many. */
export interface RemovalQuotas {
  /** By parameter: the index of its quota; -1: it stays, but is updated as the others are. */
  readonly quotaOf: Int32Array;
  readonly counts: readonly number[];
}

/** What was removed, in this order; theta has become what remains. */
export interface NetworkRemoval {
  readonly order: readonly number[];
}

/**
 * Again and again the parameter with the smallest w_q^2 / (2 [H^-1]_qq) of those whose quota is not used up goes, the
 * others are updated, H^-1 becomes that of what is left; the loss's bend stays that of the start. Ties go by index.
 * O(n^2) a removal. Yields after each.
 * @param theta becomes what remains, 0 where a parameter went
 * @param inverse H^-1, both triangles; overwritten
 */
export function* removeByNetworkObs(
  theta: Float64Array,
  inverse: Float64Array,
  { quotaOf, counts }: RemovalQuotas,
): Steps<NetworkRemoval> {
  const left = [...counts];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const gone = new Uint8Array(theta.length);
  const order: number[] = [];
  while (order.length < total) {
    const next = leastSalient(
      theta,
      inverse,
      (q) => gone[q] === 0 && (left[quotaOf[q] ?? -1] ?? 0) > 0,
    );
    if (next === -1) break;
    removeParameterInPlace(theta, inverse, next);
    gone[next] = 1;
    const quota = quotaOf[next] ?? -1;
    left[quota] = (left[quota] ?? 0) - 1;
    order.push(next);
    yield order.length / total;
  }
  return { order };
}

function leastSalient(
  theta: Float64Array,
  inverse: Float64Array,
  mayGo: (index: number) => boolean,
): number {
  const size = theta.length;
  let least = Infinity;
  let found = -1;
  for (let q = 0; q < size; q++) {
    if (!mayGo(q)) continue;
    const value = theta[q] ?? 0;
    const saliency = (value * value) / (2 * (inverse[q * (size + 1)] ?? 1));
    if (saliency < least || found === -1) {
      least = saliency;
      found = q;
    }
  }
  return found;
}
