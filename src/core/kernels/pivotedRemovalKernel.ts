import { addProductInPlace } from './productKernel';
import {
  AHEAD,
  beginRemoval,
  clearAway,
  MAX_WAITING,
  NONE,
  type Removal,
  type RemovalRoom,
} from './removalState';

/** Multiplications between two yields, a tenth of a second or so. */
const MAX_WORK = 2 ** 27;

/**
 * Removes `count` weights of one row, each time the one with the smallest w_q^2 / [H^-1]_qq, and updates the
 * others by the rule of the optimal brain surgeon. The H^-1 of the weights that are left is that of all of
 * them less a factor's rows, so the whole is a Cholesky factorisation of H^-1 that chooses its pivots: removing
 * k of n takes k^2 (n / 2 - k / 3) multiplications and no copy of H^-1. Rows of the cheapest weights, which soon are
 * needed, are computed some at a time as a product of matrices, which is up to three times as fast as one by one.
 * Of equal scores the lowest index goes first. Yields the share that is done.
 * @param weights one a column of `inverse`; what goes becomes exactly 0
 * @param inverse H^-1, both triangles
 */
export function* removeWeights(
  weights: Float64Array,
  inverse: Float64Array,
  count: number,
  room: RemovalRoom,
): Generator<number, void> {
  const removal = beginRemoval(weights, inverse, room);
  while (removal.removed < count) {
    const column = cheapest(removal);
    if (removal.placeOf[column] === NONE) {
      yield removal.removed / count;
      if (removal.waitingCount + AHEAD > MAX_WAITING) {
        clearAway(removal);
        continue;
      }
      computeAhead(removal, count - removal.removed);
    }
    removeColumn(removal, column);
  }
  weights.fill(0);
  for (let j = 0; j < removal.columns; j++) {
    if (removal.gone[j] === 0) weights[removal.indices[j]] = removal.weights[j];
  }
}

function cheapest({ weights, diagonal, gone, columns }: Removal): number {
  let found = NONE;
  let least = Infinity;
  for (let j = 0; j < columns; j++) {
    if (gone[j] !== 0) continue;
    const score = (weights[j] * weights[j]) / diagonal[j];
    if (score < least || found < 0) {
      least = score;
      found = j;
    }
  }
  return found;
}

/** The cheapest columns without a waiting row, the cheapest first. */
function cheapestWithoutRow(removal: Removal, count: number): Int32Array {
  const { weights, diagonal, gone, placeOf, columns } = removal;
  const found = new Int32Array(count);
  const scores = new Float64Array(count);
  let filled = 0;
  for (let j = 0; j < columns; j++) {
    if (gone[j] !== 0 || placeOf[j] !== NONE) continue;
    const score = (weights[j] * weights[j]) / diagonal[j];
    if (filled === count && !(score < scores[count - 1])) continue;
    let at = filled < count ? filled++ : count - 1;
    for (; at > 0 && score < scores[at - 1]; at--) {
      scores[at] = scores[at - 1];
      found[at] = found[at - 1];
    }
    scores[at] = score;
    found[at] = j;
  }
  return found.subarray(0, filled);
}

/** The rows of the cheapest columns as they are now: those of H^-1 less what the factor's rows take. */
function computeAhead(removal: Removal, wanted: number): void {
  const { inverse, size, columns, indices, placeOf, lost, stride, waiting, factor } = removal;
  const { removed, waitingCount } = removal;
  const affordable = Math.max(4, Math.floor(MAX_WORK / Math.max(1, removed * columns)));
  const chosen = cheapestWithoutRow(removal, Math.min(AHEAD, wanted, affordable));
  const rows = chosen.length;
  for (let k = 0; k < rows; k++) {
    placeOf[chosen[k]] = waitingCount + k;
    lost[waitingCount + k] = removed;
    const from = indices[chosen[k]] * size;
    const to = (waitingCount + k) * stride;
    for (let j = 0; j < columns; j++) waiting[to + j] = inverse[from + indices[j]];
  }
  removal.waitingCount += rows;
  const shares = new Float64Array(removed * rows);
  for (let i = 0; i < removed; i++) {
    for (let k = 0; k < rows; k++) shares[i * rows + k] = factor[i * stride + chosen[k]];
  }
  const target = { values: waiting, offset: waitingCount * stride, rowStride: stride };
  addProductInPlace(
    { ...target, columnStride: 1, rows, columns },
    { values: shares, offset: 0, rowStride: rows, columnStride: 1, rows: removed, columns: rows },
    { values: factor, offset: 0, rowStride: stride, columnStride: 1, rows: removed, columns },
    { factor: -1 },
  );
}

/** The weight of a column with a waiting row goes: its row joins the factor, and all others move. */
function removeColumn(removal: Removal, column: number): void {
  const { columns, weights, diagonal, gone, placeOf, lost, stride, waiting, factor } = removal;
  const place = placeOf[column];
  const to = removal.removed * stride;
  factor.set(waiting.subarray(place * stride, place * stride + columns), to);
  subtractRows(removal, column, lost[place]);
  const root = Math.sqrt(diagonal[column]);
  const shift = weights[column] / root;
  for (let j = 0; j < columns; j++) {
    const scaled = factor[to + j] / root;
    factor[to + j] = scaled;
    diagonal[j] -= scaled * scaled;
    weights[j] -= shift * scaled;
  }
  gone[column] = 1;
  removal.removed++;
}

/** The factor's newest row loses its share of those from `first` on, four at a time. */
function subtractRows(
  { factor, stride, columns, removed }: Removal,
  column: number,
  first: number,
): void {
  const to = removed * stride;
  let row = first;
  for (; row + 4 <= removed; row += 4) {
    const a = row * stride;
    const b = a + stride;
    const c = b + stride;
    const d = c + stride;
    const [shareA, shareB] = [factor[a + column], factor[b + column]];
    const [shareC, shareD] = [factor[c + column], factor[d + column]];
    for (let j = 0; j < columns; j++) {
      factor[to + j] -=
        shareA * factor[a + j] +
        shareB * factor[b + j] +
        shareC * factor[c + j] +
        shareD * factor[d + j];
    }
  }
  for (; row < removed; row++) {
    const from = row * stride;
    const share = factor[from + column];
    for (let j = 0; j < columns; j++) factor[to + j] -= share * factor[from + j];
  }
}
