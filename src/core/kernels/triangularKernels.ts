import { addProductInPlace, type MatrixBlock } from './productKernel';

/** Rows that are worked on one by one before the rest of the matrix sees them. */
const BLOCK = 64;

/** The pivot at which a factorisation ended, because it was not positive. */
export interface FailedPivot {
  readonly index: number;
  readonly value: number;
}

/**
 * Cholesky factorisation in place: A = U^T U with U upper triangular, of which A's upper triangle is read and
 * overwritten; what lies below the diagonal stays. Blocks of rows are eliminated one row after the other, what
 * is left of the matrix loses their product (Golub and Van Loan, Matrix Computations, 4th edition, 4.2.9).
 * n^3 / 3 operations.
 * @param values A, row by row
 * @returns where it ended before its time: A is not positive definite; else null
 */
export function choleskyInPlace(values: Float64Array, size: number): FailedPivot | null {
  for (let first = 0; first < size; first += BLOCK) {
    const end = Math.min(size, first + BLOCK);
    for (let k = first; k < end; k++) {
      const pivot = values[k * size + k];
      if (!(pivot > 0 && pivot < Infinity)) return { index: k, value: pivot };
      eliminate(values, size, { row: k, end });
    }
    const rows = end - first;
    const rest = size - end;
    const panel = blockAt(values, size, { row: first, column: end, rows, columns: rest });
    const trailing = blockAt(values, size, { row: end, column: end, rows: rest, columns: rest });
    addProductInPlace(trailing, panel, panel, { factor: -1, upperOnly: true });
  }
  return null;
}

/** Makes row `row` that of the factor, and takes its share from the rows of its block that follow. */
function eliminate(
  values: Float64Array,
  size: number,
  { row, end }: { readonly row: number; readonly end: number },
): void {
  const start = row * size;
  const root = Math.sqrt(values[start + row]);
  values[start + row] = root;
  for (let j = row + 1; j < size; j++) values[start + j] /= root;
  for (let i = row + 1; i < end; i++) subtractRow(values, { from: start, to: i * size }, i, size);
}

/** Row `to` loses row `from` times its element at `first`, from `first` on. */
function subtractRow(
  values: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
  first: number,
  size: number,
): void {
  const share = values[from + first];
  for (let j = first; j < size; j++) values[to + j] -= share * values[from + j];
}

/**
 * The inverse of an upper triangular matrix, from the last block of rows up: U_II V_IJ = -(U_IK V_KJ) for the
 * blocks J behind I. n^3 / 3 operations.
 * @param upper row by row; only its upper triangle is read
 * @returns V = U^-1 with zeros below its diagonal
 */
export function invertUpper(upper: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const inverse = new Float64Array(size * size);
  for (let end = size; end > 0; end -= BLOCK) {
    const first = Math.max(0, end - BLOCK);
    const rows = end - first;
    const rest = size - end;
    const given = blockAt(upper, size, { row: first, column: end, rows, columns: rest });
    const below = blockAt(inverse, size, { row: end, column: end, rows: rest, columns: rest });
    const target = blockAt(inverse, size, { row: first, column: end, rows, columns: rest });
    addProductInPlace(target, transposed(given), below, { factor: -1 });
    for (let i = first; i < end; i++) inverse[i * size + i] = 1;
    solveRows(upper, inverse, size, { first, end });
  }
  return inverse;
}

/** Solves U_II X = T for the rows of one block, from the last up; T is overwritten. */
function solveRows(
  upper: Float64Array,
  target: Float64Array,
  size: number,
  { first, end }: { readonly first: number; readonly end: number },
): void {
  for (let i = end - 1; i >= first; i--) {
    const to = i * size;
    for (let k = i + 1; k < end; k++) {
      const share = upper[to + k];
      for (let j = k; j < size; j++) target[to + j] -= share * target[k * size + j];
    }
    const diagonal = upper[to + i];
    for (let j = i; j < size; j++) target[to + j] /= diagonal;
  }
}

/**
 * V V^T of an upper triangular matrix: the inverse of U^T U where V is that of U. n^3 / 3 operations.
 * @returns both triangles
 */
export function upperTimesTransposed(upper: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(size * size);
  for (let column = 0; column < size; column += BLOCK) {
    const columns = Math.min(BLOCK, size - column);
    // Rows of V begin at their diagonal, so only what stands from this block on is common to both.
    const shared = { column, columns: size - column };
    const rows = blockAt(upper, size, { row: 0, rows: column + columns, ...shared });
    const block = blockAt(upper, size, { row: column, rows: columns, ...shared });
    const target = blockAt(product, size, { row: 0, rows: column + columns, column, columns });
    addProductInPlace(target, transposed(rows), transposed(block), { factor: 1 });
  }
  mirrorUpper(product, size);
  return product;
}

/** Solves U^T U x = b in place, by substitution forwards and back. O(n^2). */
export function solveFactoredInPlace(upper: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const value = b[i] / upper[i * size + i];
    b[i] = value;
    for (let j = i + 1; j < size; j++) b[j] -= upper[i * size + j] * value;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i];
    for (let j = i + 1; j < size; j++) sum -= upper[i * size + j] * b[j];
    b[i] = sum / upper[i * size + i];
  }
}

/** Copies what lies above the diagonal below it. */
export function mirrorUpper(values: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) values[j * size + i] = values[i * size + j];
  }
}

/** The matrix mirrored at its other diagonal, in place: element (i, j) becomes (size-1-j, size-1-i). */
export function antiTransposeInPlace(values: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size - 1 - i; j++) {
      const [here, there] = [i * size + j, (size - 1 - j) * size + (size - 1 - i)];
      const value = values[here];
      values[here] = values[there];
      values[there] = value;
    }
  }
}

function blockAt(
  values: Float64Array,
  size: number,
  place: Pick<MatrixBlock, 'rows' | 'columns'> & { readonly row: number; readonly column: number },
): MatrixBlock {
  const { row, column, rows, columns } = place;
  return { values, offset: row * size + column, rowStride: size, columnStride: 1, rows, columns };
}

function transposed({ rows, columns, rowStride, columnStride, ...rest }: MatrixBlock): MatrixBlock {
  return {
    ...rest,
    rows: columns,
    columns: rows,
    rowStride: columnStride,
    columnStride: rowStride,
  };
}
