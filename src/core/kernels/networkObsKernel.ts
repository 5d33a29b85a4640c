/** Adds g g^T to a symmetric matrix of which the upper triangle alone is kept, row by row. */
export function addOuterProductInPlace(matrix: Float64Array, g: Float64Array): void {
  const size = g.length;
  for (let i = 0; i < size; i++) {
    const own = g[i];
    if (own === 0) continue;
    const row = i * size;
    for (let j = i; j < size; j++) matrix[row + j] += own * g[j];
  }
}

/**
 * Takes a parameter out: the others move by -theta_q / [H^-1]_qq times column q of H^-1, which itself becomes the
 * inverse of H without row and column q (zeros stand there). O(n^2).
 * @param inverse H^-1, both triangles
 */
export function removeParameterInPlace(
  theta: Float64Array,
  inverse: Float64Array,
  removed: number,
): void {
  const size = theta.length;
  const pivot = inverse[removed * size + removed];
  const column = inverse.slice(removed * size, (removed + 1) * size);
  const share = theta[removed] / pivot;
  for (let i = 0; i < size; i++) {
    const own = column[i];
    theta[i] -= share * own;
    if (own === 0) continue;
    const factor = own / pivot;
    const row = i * size;
    for (let j = 0; j < size; j++) inverse[row + j] -= factor * column[j];
  }
  theta[removed] = 0;
  for (let i = 0; i < size; i++) {
    inverse[i * size + removed] = 0;
    inverse[removed * size + i] = 0;
  }
}
