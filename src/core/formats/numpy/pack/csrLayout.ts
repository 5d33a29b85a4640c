import type { TensorEntry } from '../../../model/model';
import { matrixShape } from '../../../pack/countKept';
import type { NpyDescr } from '../npyHeader';

/** The arrays that stand for a packed one, in the order in which scipy.sparse.save_npz writes them. */
export const CSR_PARTS = ['indices', 'indptr', 'format', 'shape', 'data'] as const;

/** One of the arrays that stand for a packed one. */
export type CsrPart = (typeof CSR_PARTS)[number];

/** The content of the array `format`. */
export const CSR_FORMAT = 'csr';

/** The name of the array that the file of a single matrix holds where it has no other: NumPy's for the first. */
export const UNNAMED = 'arr_0';

/** Beside the arrays of a single matrix: the name that it had. */
export const NAME_PART = 'name';

/** A part's type and shape. */
export interface CsrPartLayout {
  readonly shape: readonly number[];
  readonly descr: NpyDescr;
}

const MAX_INT32 = 2 ** 31 - 1;

/**
 * The arrays that stand for a tensor without its zeros, the tensor seen as a matrix (first axis x others, a
 * vector as one row), in compressed sparse row form:
 * - `indices`: [kept], the column of each kept element, ascending in each row;
 * - `indptr`: [rows + 1], how many elements are kept before each row, and in all;
 * - `format`: the text `csr`;
 * - `shape`: int64 [rank], the tensor's own shape;
 * - `data`: [kept], the kept elements in C order, in the tensor's own type.
 *
 * Indices are int32 where columns and kept elements can be counted so, as in SciPy, else int64.
 * Source: the arrays that scipy.sparse.save_npz of SciPy 1.17 writes of a csr_matrix.
 */
export function csrLayout(
  tensor: Pick<TensorEntry, 'shape'> & { readonly descr: NpyDescr },
  kept: number,
): Readonly<Record<CsrPart, CsrPartLayout>> {
  const { rows, columns } = matrixShape(tensor.shape);
  const index = Math.max(columns, kept) <= MAX_INT32 ? '<i4' : '<i8';
  return {
    indices: { shape: [kept], descr: index },
    indptr: { shape: [rows + 1], descr: index },
    format: { shape: [], descr: `|S${CSR_FORMAT.length}` },
    shape: { shape: [tensor.shape.length], descr: '<i8' },
    data: { shape: [kept], descr: tensor.descr },
  };
}

/** The name of a part of an array; a null array is the only one of its file, as SciPy writes it. */
export function csrPartName(array: string | null, part: CsrPart | typeof NAME_PART): string {
  return array === null ? part : `${array}.${part}`;
}
