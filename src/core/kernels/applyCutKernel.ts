import type { CodeArray } from './codeKernels';
import { float32Bits, float32FromBits } from './float32Bits';

/** What goes in one chunk; see TensorCut. */
export interface CutKernelOptions {
  readonly threshold: number;
  /** The storage index of the chunk's first element. */
  readonly firstElement: number;
  /** Elements equal to the threshold go while their flat index is below this. */
  readonly tieLimit: number;
  /** Flat index of a storage index; null where both are the same. */
  readonly flatIndexOf: ((storageIndex: number) => number) | null;
}

/** Anything whose elements become zero by assigning 0. */
export type ZeroableArray = Float32Array | Float64Array | Uint16Array | Uint8Array;

/**
 * Sets to zero the stored elements whose |score| is below the threshold, or equal to it and before
 * the tie limit. NaN and infinite scores stay. `stored` and `scores` may be the same array.
 */
export function applyThresholdInPlace(
  stored: ZeroableArray,
  scores: Float32Array | Float64Array,
  options: CutKernelOptions,
): void {
  if (scores instanceof Float32Array) applyFloat32(stored, scores, options);
  else applyFloat64(stored, scores, options);
}

/**
 * Float32 scores decide by their bits and without a branch: which weights go is not predictable, and
 * a mispredicted branch costs more than the rest of the loop.
 */
function applyFloat32(
  stored: ZeroableArray,
  scores: Float32Array,
  options: CutKernelOptions,
): void {
  const { threshold } = options;
  const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
  const limit = float32Bits(threshold);
  const ties = tiesGoing(scores.length, options);
  const isBelow =
    float32FromBits(limit) < threshold || (ties === 'all' && float32FromBits(limit) === threshold);
  // A threshold between two float32 values takes the lower one: its float32 rounds up or down.
  const below = (isBelow ? limit + 1 : limit) | 0;
  if (ties === 'some' && float32FromBits(limit) === threshold) {
    applyTies(stored, bits, limit, options);
  }
  if (scores === stored) zeroBelow(bits, below);
  else {
    for (let i = 0; i < bits.length; i++) {
      stored[i] = (bits[i] & 0x7fffffff) < below ? 0 : stored[i];
    }
  }
}

/** Four elements a step: the difference's sign, spread over all bits, is the mask that clears. */
function zeroBelow(bits: Int32Array, below: number): void {
  const end = bits.length & ~3;
  for (let i = 0; i < end; i += 4) {
    const a = bits[i];
    const b = bits[i + 1];
    const c = bits[i + 2];
    const d = bits[i + 3];
    bits[i] = a & ~(((a & 0x7fffffff) - below) >> 31);
    bits[i + 1] = b & ~(((b & 0x7fffffff) - below) >> 31);
    bits[i + 2] = c & ~(((c & 0x7fffffff) - below) >> 31);
    bits[i + 3] = d & ~(((d & 0x7fffffff) - below) >> 31);
  }
  for (let i = end; i < bits.length; i++) {
    bits[i] &= ~(((bits[i] & 0x7fffffff) - below) >> 31);
  }
}

/** Where a chunk lies wholly before the tie limit, or behind it, its ties need not be looked for. */
function tiesGoing(
  elementCount: number,
  { firstElement, tieLimit, flatIndexOf }: CutKernelOptions,
): 'all' | 'some' | 'none' {
  if (tieLimit === 0) return 'none';
  if (flatIndexOf !== null) return 'some';
  if (firstElement >= tieLimit) return 'none';
  return firstElement + elementCount <= tieLimit ? 'all' : 'some';
}

/** Elements equal to the threshold are few, so this branch is predicted. */
function applyTies(
  stored: ZeroableArray,
  bits: Int32Array,
  limit: number,
  options: CutKernelOptions,
): void {
  const { firstElement, tieLimit, flatIndexOf } = options;
  for (let i = 0; i < bits.length; i++) {
    if ((bits[i] & 0x7fffffff) !== limit) continue;
    const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
    if (index < tieLimit) stored[i] = 0;
  }
}

function applyFloat64(
  stored: ZeroableArray,
  scores: Float64Array,
  options: CutKernelOptions,
): void {
  const { threshold, firstElement, tieLimit, flatIndexOf } = options;
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude < threshold) stored[i] = 0;
    else if (magnitude === threshold) {
      const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
      if (index < tieLimit) stored[i] = 0;
    }
  }
}

/**
 * Sets to zero the finite elements of the units flagged in `unitFlags`: the unit of storage index i
 * is floor(i / inner) modulo unitFlags.length.
 */
export function zeroUnitsInPlace(
  stored: ZeroableArray,
  scores: Float32Array | Float64Array,
  units: { readonly firstElement: number; readonly inner: number; readonly unitFlags: Uint8Array },
): void {
  const { firstElement, inner, unitFlags } = units;
  let unit = Math.floor(firstElement / inner) % unitFlags.length;
  let untilNext = inner - (firstElement % inner);
  for (let i = 0; i < stored.length; i++) {
    if (unitFlags[unit] !== 0 && Number.isFinite(scores[i])) stored[i] = 0;
    if (--untilNext === 0) {
      untilNext = inner;
      unit = unit + 1 === unitFlags.length ? 0 : unit + 1;
    }
  }
}

/** Sets to zero the elements whose bit is set; the bit of storage index i is that of its flat index. */
export function zeroMaskedInPlace(
  stored: ZeroableArray,
  mask: Uint8Array,
  place: Pick<CutKernelOptions, 'firstElement' | 'flatIndexOf'>,
): void {
  const { firstElement, flatIndexOf } = place;
  if (flatIndexOf !== null) {
    for (let i = 0; i < stored.length; i++) {
      const index = flatIndexOf(firstElement + i);
      if ((mask[index >>> 3] >>> (index & 7)) & 1) stored[i] = 0;
    }
  } else if (stored instanceof Float32Array) {
    const bits = new Int32Array(stored.buffer, stored.byteOffset, stored.length);
    zeroMaskedBits(bits, mask, firstElement);
  } else {
    for (let i = 0; i < stored.length; i++) {
      const index = firstElement + i;
      if ((mask[index >>> 3] >>> (index & 7)) & 1) stored[i] = 0;
    }
  }
}

/** Without branches, as which elements go cannot be foreseen: a set bit less 1 clears all, a clear one nothing. */
function zeroMaskedBits(bits: Int32Array, mask: Uint8Array, firstElement: number): void {
  const whole = firstElement % 8 === 0 ? bits.length & ~7 : 0;
  for (let i = 0, at = firstElement / 8; i < whole; i += 8, at++) {
    const goes = mask[at];
    bits[i] &= (goes & 1) - 1;
    bits[i + 1] &= ((goes >>> 1) & 1) - 1;
    bits[i + 2] &= ((goes >>> 2) & 1) - 1;
    bits[i + 3] &= ((goes >>> 3) & 1) - 1;
    bits[i + 4] &= ((goes >>> 4) & 1) - 1;
    bits[i + 5] &= ((goes >>> 5) & 1) - 1;
    bits[i + 6] &= ((goes >>> 6) & 1) - 1;
    bits[i + 7] &= (goes >>> 7) - 1;
  }
  for (let i = whole; i < bits.length; i++) {
    const index = firstElement + i;
    bits[i] &= ((mask[index >>> 3] >>> (index & 7)) & 1) - 1;
  }
}

/** Where a chunk lies in its tensor. */
type ChunkPlace = Pick<CutKernelOptions, 'firstElement' | 'flatIndexOf'>;

/** target[i] = the value at the flat index of storage index i. */
export function gatherValues(
  values: Float32Array | Float64Array,
  { firstElement, flatIndexOf }: ChunkPlace,
  target: Float64Array,
): void {
  for (let i = 0; i < target.length; i++) {
    target[i] = values[flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i)];
  }
}

/** stored[i] = encoded[i] wherever a value says so; NaN leaves the element as it is. */
export function replaceInPlace(stored: CodeArray, encoded: CodeArray, values: Float64Array): void {
  for (let i = 0; i < stored.length; i++) {
    if (!Number.isNaN(values[i])) stored[i] = encoded[i];
  }
}
