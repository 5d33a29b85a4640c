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
  // A threshold between two float32 values takes the lower one: its float32 rounds up or down.
  const below = (float32FromBits(limit) < threshold ? limit + 1 : limit) | 0;
  const hasTies = float32FromBits(limit) === threshold;
  if (hasTies) applyTies(stored, bits, limit, options);
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

/** Elements equal to the threshold are few, so this branch is predicted. */
function applyTies(
  stored: ZeroableArray,
  bits: Int32Array,
  limit: number,
  options: CutKernelOptions,
): void {
  const { firstElement, tieLimit, flatIndexOf } = options;
  if (tieLimit === 0) return;
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
  for (let i = 0; i < stored.length; i++) {
    const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
    if ((mask[index >>> 3] >>> (index & 7)) & 1) stored[i] = 0;
  }
}
