import { FormatError, type Place, UnsupportedError } from '../../errors';
import type { ByteSource } from '../../io';

/** A sparse tensor in coordinates. */
export interface SparseContent {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elementBytes: number;
  /** Reads the coordinates, one row an axis: shape [axes, count], int64. */
  readonly readIndices: () => Promise<BigInt64Array>;
  /** Reads the values' bytes. */
  readonly readValues: () => Promise<Uint8Array>;
  readonly where: Place;
}

/** Entries sorted by their place in the dense tensor. */
interface SortedEntries {
  readonly flatIndices: Float64Array;
  /** Which value belongs to each. */
  readonly valueIndices: Uint32Array;
  readonly values: Uint8Array;
}

/**
 * A sparse tensor as the dense bytes it stands for, in C order. The entries are read once and sorted;
 * space: 12 bytes an entry and the values.
 */
export function sparseSource(content: SparseContent): ByteSource {
  const { name, shape, elementBytes } = content;
  const elementCount = shape.reduce((product, size) => product * size, 1);
  let sorted: Promise<SortedEntries> | null = null;
  return {
    name,
    byteLength: elementCount * elementBytes,
    derived: true,
    async readInto(byteOffset, target) {
      sorted ??= sortEntries(content);
      spread(await sorted, { byteOffset, target, elementBytes });
    },
  };
}

async function sortEntries(content: SparseContent): Promise<SortedEntries> {
  const { shape, where } = content;
  const indices = await content.readIndices();
  const count = indices.length / Math.max(1, shape.length);
  const flat = new Float64Array(count);
  for (const [axis, size] of shape.entries()) {
    for (let i = 0; i < count; i++) {
      const index = Number(indices[axis * count + i] ?? 0n);
      if (index < 0 || index >= size) throw outside(where, index, size);
      flat[i] = (flat[i] ?? 0) * size + index;
    }
  }
  const valueIndices = Uint32Array.from({ length: count }, (_, i) => i);
  valueIndices.sort((a, b) => (flat[a] ?? 0) - (flat[b] ?? 0));
  const flatIndices = Float64Array.from(valueIndices, (index) => flat[index] ?? 0);
  assertNoneTwice(flatIndices, where);
  return { flatIndices, valueIndices, values: await content.readValues() };
}

function outside(where: Place, index: number, size: number): FormatError {
  return new FormatError({ ...where, found: `the index ${index}`, allowed: `0 to ${size - 1}` });
}

/** Entries of one place add up; which is only known to be so in their own type. */
function assertNoneTwice(sorted: Float64Array, where: Place): void {
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] !== sorted[i - 1]) continue;
    throw new UnsupportedError({
      feature: `${where.format}: ${where.place}`,
      found: 'a sparse tensor with two entries for one place',
      supported: 'coalesced sparse tensors',
    });
  }
}

interface Stretch {
  readonly byteOffset: number;
  readonly target: Uint8Array;
  readonly elementBytes: number;
}

function spread(entries: SortedEntries, { byteOffset, target, elementBytes }: Stretch): void {
  const { flatIndices, valueIndices, values } = entries;
  target.fill(0);
  const end = byteOffset + target.length;
  let at = lowerBound(flatIndices, Math.floor(byteOffset / elementBytes));
  for (; at < flatIndices.length; at++) {
    const start = (flatIndices[at] ?? 0) * elementBytes;
    if (start >= end) return;
    const value = (valueIndices[at] ?? 0) * elementBytes;
    for (let i = 0; i < elementBytes; i++) {
      const place = start + i - byteOffset;
      if (place >= 0 && place < target.length) target[place] = values[value + i] ?? 0;
    }
  }
}

function lowerBound(sorted: Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
