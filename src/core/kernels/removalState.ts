/** Rows of what is left of H^-1 that are computed together: enough for a product of matrices to pay. */
export const AHEAD = 12;

/** Rows that may wait to be needed; then gone columns are cleared away, too. */
export const MAX_WAITING = 8 * AHEAD;

/** Of a column: no row of it waits. */
export const NONE = -1;

/** Reusable room for `removeWeights` of rows of one length. */
export interface RemovalRoom {
  /** Elements from one row of `factor` to the next; no power of two, which caches take badly. */
  readonly stride: number;
  /** The eliminated rows. */
  readonly factor: Float64Array;
  readonly waiting: Float64Array;
}

/** @param count weights that are removed of `size` */
export function makeRemovalRoom(size: number, count: number): RemovalRoom {
  const stride = (size + 15) & ~7;
  return {
    stride,
    factor: new Float64Array(count * stride),
    waiting: new Float64Array(MAX_WAITING * stride),
  };
}

/** A removal under way. Columns are those of the weights that are left, and some that have just gone. */
export interface Removal extends RemovalRoom {
  /** H^-1, both triangles. */
  readonly inverse: Float64Array;
  readonly size: number;
  columns: number;
  /** By column: which weight it is. */
  readonly indices: Int32Array;
  readonly weights: Float64Array;
  /** Of the H^-1 of what is left. */
  readonly diagonal: Float64Array;
  /** By column: 1 where its weight has gone. */
  readonly gone: Uint8Array;
  /** By column: which waiting row is its own; NONE. */
  readonly placeOf: Int32Array;
  /** By waiting row: how many rows of the factor it has lost its share of already. */
  readonly lost: Int32Array;
  waitingCount: number;
  removed: number;
}

/** Before anything has gone. */
export function beginRemoval(
  weights: Float64Array,
  inverse: Float64Array,
  room: RemovalRoom,
): Removal {
  const size = weights.length;
  const diagonal = new Float64Array(size);
  for (let i = 0; i < size; i++) diagonal[i] = inverse[i * size + i];
  return {
    ...room,
    inverse,
    size,
    columns: size,
    indices: Int32Array.from(weights.keys()),
    weights: weights.slice(),
    diagonal,
    gone: new Uint8Array(size),
    placeOf: new Int32Array(size).fill(NONE),
    lost: new Int32Array(MAX_WAITING),
    waitingCount: 0,
    removed: 0,
  };
}

/** Takes out the columns that have gone and the waiting rows that were used; all, where too many wait in vain. */
export function clearAway(removal: Removal): void {
  const { columns, gone, indices, weights, diagonal, placeOf, lost, stride } = removal;
  const kept: number[] = [];
  for (let j = 0; j < columns; j++) if (gone[j] === 0) kept.push(j);
  const left = kept.filter((j) => placeOf[j] !== NONE);
  const isFull = left.length > MAX_WAITING - AHEAD;
  const places = isFull ? [] : left.map((j) => placeOf[j]).sort((a, b) => a - b);
  for (const [to, from] of places.entries()) {
    removal.waiting.copyWithin(to * stride, from * stride, from * stride + columns);
    lost[to] = lost[from];
  }
  for (const [to, from] of kept.entries()) {
    indices[to] = indices[from];
    weights[to] = weights[from];
    diagonal[to] = diagonal[from];
    placeOf[to] = places.indexOf(placeOf[from]);
  }
  keepColumns(removal.factor, { rows: removal.removed, stride }, kept);
  keepColumns(removal.waiting, { rows: places.length, stride }, kept);
  gone.fill(0);
  removal.columns = kept.length;
  removal.waitingCount = places.length;
}

function keepColumns(
  values: Float64Array,
  { rows, stride }: { readonly rows: number; readonly stride: number },
  kept: readonly number[],
): void {
  const columns = Int32Array.from(kept);
  for (let row = 0; row < rows; row++) {
    const start = row * stride;
    for (let j = 0; j < columns.length; j++) values[start + j] = values[start + columns[j]];
  }
}
