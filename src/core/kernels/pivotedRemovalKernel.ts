/** Reusable room for {@link removeWeightsInPlace}. */
export interface RemovalScratch {
  /** The eliminated rows, at least as many as weights are removed, of `size` each. */
  readonly rows: Float64Array;
  readonly diagonal: Float64Array;
}

/**
 * Removes `count` weights of one row, each time the one with the smallest w_q^2 / [H^-1]_qq, and updates the
 * others by the rule of the optimal brain surgeon. The H^-1 of the weights that are left is that of all of
 * them less a factor's rows, so the whole is a Cholesky factorisation of H^-1 that chooses its pivots: removing
 * k of n takes k^2 n / 2 operations and no copy of H^-1.
 * Of equal scores the lowest index goes first.
 * @param weights one a column of `inverse`; what goes becomes exactly 0
 * @param inverse H^-1, both triangles
 */
export function removeWeightsInPlace(
  weights: Float64Array,
  inverse: Float64Array,
  count: number,
  { rows, diagonal }: RemovalScratch,
): void {
  const size = weights.length;
  const gone = new Uint8Array(size);
  for (let i = 0; i < size; i++) diagonal[i] = inverse[i * size + i];
  for (let step = 0; step < count; step++) {
    const pivot = cheapest(weights, diagonal, gone);
    const row = rows.subarray(step * size, (step + 1) * size);
    for (let j = 0; j < size; j++) row[j] = inverse[pivot * size + j];
    for (let k = 0; k < step; k++) {
      const start = k * size;
      const share = rows[start + pivot];
      for (let j = 0; j < size; j++) row[j] -= share * rows[start + j];
    }
    const root = Math.sqrt(diagonal[pivot]);
    const shift = weights[pivot] / root;
    for (let j = 0; j < size; j++) {
      const scaled = row[j] / root;
      row[j] = scaled;
      diagonal[j] -= scaled * scaled;
      weights[j] -= shift * scaled;
    }
    gone[pivot] = 1;
  }
  for (let j = 0; j < size; j++) if (gone[j] !== 0) weights[j] = 0;
}

function cheapest(weights: Float64Array, diagonal: Float64Array, gone: Uint8Array): number {
  let found = -1;
  let least = Infinity;
  for (let j = 0; j < weights.length; j++) {
    if (gone[j] !== 0) continue;
    const score = (weights[j] * weights[j]) / diagonal[j];
    if (score < least || found < 0) {
      least = score;
      found = j;
    }
  }
  return found;
}
