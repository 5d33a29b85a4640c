/** A matrix, or a part of one, within an array of float64. */
export interface MatrixBlock {
  readonly values: Float64Array;
  /** Where its first element stands. */
  readonly offset: number;
  readonly rowStride: number;
  /** 1 where rows are stored one after the other. */
  readonly columnStride: number;
  readonly rows: number;
  readonly columns: number;
}

/** What becomes of a product. */
export interface ProductOptions {
  /** What the product is multiplied by before it is added. */
  readonly factor: number;
  /** Of a square target only what lies on or above its diagonal is wanted; what lies below is undefined. */
  readonly upperOnly?: boolean;
}

/** Side of the square of sums that is kept in registers. */
const TILE = 4;

/** Rows multiplied at once: a strip of four of them fits the fastest cache. */
const DEPTH = 128;

/**
 * target += factor * A^T B, in float64: A is [depth, rows], B [depth, columns]. Both are copied into strips of
 * four columns first, so that the inner loop reads them one after the other (Goto and van de Geijn, Anatomy of
 * high-performance matrix multiplication, 2008). O(depth * rows * columns).
 */
export function addProductInPlace(
  target: MatrixBlock,
  a: MatrixBlock,
  b: MatrixBlock,
  options: ProductOptions,
): void {
  const strip = new Float64Array(DEPTH * TILE);
  const strips = new Float64Array(DEPTH * roundUp(b.columns));
  for (let from = 0; from < a.rows; from += DEPTH) {
    const depth = Math.min(DEPTH, a.rows - from);
    for (let j = 0; j < b.columns; j += TILE) {
      packStrip(b, { from, depth, column: j }, strips.subarray(j * depth, (j + TILE) * depth));
    }
    for (let i = 0; i < target.rows; i += TILE) {
      packStrip(a, { from, depth, column: i }, strip);
      addRowOfTiles(target, i, { strip, strips, depth }, options);
    }
  }
}

interface Packed {
  readonly strip: Float64Array;
  readonly strips: Float64Array;
  readonly depth: number;
}

function addRowOfTiles(
  target: MatrixBlock,
  row: number,
  { strip, strips, depth }: Packed,
  { factor, upperOnly }: ProductOptions,
): void {
  const tile = sums;
  for (let j = upperOnly === true ? row : 0; j < target.columns; j += TILE) {
    multiplyStrips(strip, strips, j * depth, depth);
    const rows = Math.min(TILE, target.rows - row);
    const columns = Math.min(TILE, target.columns - j);
    for (let y = 0; y < rows; y++) {
      const at = target.offset + (row + y) * target.rowStride + j * target.columnStride;
      for (let x = 0; x < columns; x++) {
        target.values[at + x * target.columnStride] += factor * tile[y * TILE + x];
      }
    }
  }
}

/** The sums of the tile in hand, row by row. */
const sums = new Float64Array(TILE * TILE);

/** sums = the product of two strips: sixteen sums that the compiler keeps in registers. */
function multiplyStrips(a: Float64Array, b: Float64Array, start: number, depth: number): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  const end = depth * TILE;
  for (let i = 0, j = start; i < end; i += TILE, j += TILE) {
    const a0 = a[i];
    const a1 = a[i + 1];
    const a2 = a[i + 2];
    const a3 = a[i + 3];
    const b0 = b[j];
    const b1 = b[j + 1];
    const b2 = b[j + 2];
    const b3 = b[j + 3];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
  sums[8] = s20;
  sums[9] = s21;
  sums[10] = s22;
  sums[11] = s23;
  sums[12] = s30;
  sums[13] = s31;
  sums[14] = s32;
  sums[15] = s33;
}

/** Copies four columns of some rows, row by row; zeros where the matrix ends. */
function packStrip(
  { values, offset, rowStride, columnStride, columns }: MatrixBlock,
  place: { readonly from: number; readonly depth: number; readonly column: number },
  strip: Float64Array,
): void {
  const { from, depth, column } = place;
  const width = Math.min(TILE, columns - column);
  for (let x = 0; x < TILE; x++) {
    let at = offset + from * rowStride + (column + x) * columnStride;
    for (let k = 0, to = x; k < depth; k++, to += TILE, at += rowStride) {
      strip[to] = x < width ? values[at] : 0;
    }
  }
}

function roundUp(columns: number): number {
  return Math.ceil(columns / TILE) * TILE;
}
