import type { TensorEntry } from '../../../model/model';
import { matrixShape } from '../../../pack/countKept';

/** The key of `__metadata__` that says a file is packed: its value is the header of the unpacked file, verbatim. */
export const PACKED_KEY = 'secateur.packed';

/** What a packed tensor's parts are called, after its own name. */
export const PART_NAMES = ['shape', 'row_offsets', 'compressed', 'bitmask'] as const;

/** One of the four tensors that stand for a packed one. */
export type PartName = (typeof PART_NAMES)[number];

/** A part's type in the header, shape and bytes. */
export interface PartLayout {
  /** Null for that of the tensor itself. */
  readonly dtypeName: 'I64' | 'U8' | null;
  readonly shape: readonly number[];
  readonly byteLength: number;
}

/**
 * The four parts that stand for a tensor without its zeros, the tensor seen as a matrix (first axis x others):
 * - `shape`: int64 [rank], the tensor's own shape;
 * - `row_offsets`: int64 [rows], how many elements are kept before each row;
 * - `compressed`: [kept], the kept elements in C order, in the tensor's own type;
 * - `bitmask`: uint8 [rows, ceil(columns / 8)], bit j % 8 of byte floor(j / 8) of a row set where element j is kept.
 *
 * Source: the sparse-bitmask format of compressed-tensors, whose loaders read matrices so; its bitmask of tensors
 * with more axes runs along the last one instead, which costs a byte for each row of a 3 x 3 filter.
 */
export function bitmaskLayout(
  { shape, storedElementBytes }: Pick<TensorEntry, 'shape' | 'storedElementBytes'>,
  kept: number,
): Readonly<Record<PartName, PartLayout>> {
  const { rows, columns } = matrixShape(shape);
  const rowBytes = Math.ceil(columns / 8);
  return {
    shape: { dtypeName: 'I64', shape: [shape.length], byteLength: 8 * shape.length },
    row_offsets: { dtypeName: 'I64', shape: [rows], byteLength: 8 * rows },
    compressed: { dtypeName: null, shape: [kept], byteLength: kept * storedElementBytes },
    bitmask: { dtypeName: 'U8', shape: [rows, rowBytes], byteLength: rows * rowBytes },
  };
}

/** Bytes of all parts. */
export function bitmaskBytes(
  tensor: Pick<TensorEntry, 'shape' | 'storedElementBytes'>,
  kept: number,
): number {
  const layout = bitmaskLayout(tensor, kept);
  return PART_NAMES.reduce((sum, part) => sum + layout[part].byteLength, 0);
}

/** The name of a part of a tensor. */
export function partName(tensor: string, part: PartName): string {
  return `${tensor}.${part}`;
}

/** A tensor as the header of a file names it. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/**
 * Bytes of a tensor's entry in the header, with the comma behind it.
 * @param most what no offset exceeds: its digits are counted for both
 */
export function entryBytes({ name, dtype, shape }: HeaderEntry, most: number): number {
  const fields = JSON.stringify({ dtype, shape, data_offsets: [most, most] });
  return new TextEncoder().encode(`${JSON.stringify(name)}:${fields},`).length;
}

/** Bytes of the entries of a tensor's four parts. */
export function packedEntryBytes(
  tensor: Pick<TensorEntry, 'shape' | 'storedElementBytes'>,
  entry: HeaderEntry,
  { kept, most }: { readonly kept: number; readonly most: number },
): number {
  const layout = bitmaskLayout(tensor, kept);
  return PART_NAMES.reduce((sum, part) => {
    const { dtypeName, shape } = layout[part];
    const own = { name: partName(entry.name, part), dtype: dtypeName ?? entry.dtype, shape };
    return sum + entryBytes(own, most);
  }, 0);
}
