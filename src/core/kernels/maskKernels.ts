import { INFINITY_BITS } from './selectionKernels';

/** What goes in one chunk of scores. */
export interface MaskCut {
  /** The flat index of the chunk's first score. */
  readonly firstElement: number;
  /** Scores below this go. */
  readonly threshold: number;
  /** Scores equal to it go while their flat index is below this. */
  readonly tieLimit: number;
}

/** Bytes of a mask of this many bits. */
export function maskByteLength(elementCount: number): number {
  return Math.ceil(elementCount / 8);
}

/** Where the first value stands that is neither 0 nor 1; -1 where there is none. */
export function firstOther(values: ArrayLike<number | bigint>): number {
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (value !== 0 && value !== 1) return i;
  }
  return -1;
}

/** Sets the bits of the elements that go: bit i % 8 of byte floor(i / 8) is flat index i. NaN stays. */
export function setMaskBits(
  mask: Uint8Array,
  scores: Float32Array | Float64Array,
  cut: MaskCut,
): void {
  // float32 scores are cut at one of them, so that their bits compare as they do.
  const isExact = Math.fround(cut.threshold) === cut.threshold && cut.threshold >= 0;
  if (scores instanceof Float32Array && isExact && cut.firstElement % 8 === 0) {
    setMaskBits32(mask, scores, cut);
  } else setMaskBitsFrom(0, mask, scores, cut);
}

/** Eight at a time and without branches, as which scores go cannot be foreseen. */
function setMaskBits32(mask: Uint8Array, scores: Float32Array, cut: MaskCut): void {
  const { firstElement, threshold, tieLimit } = cut;
  const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
  const below = new Int32Array(Float32Array.of(threshold).buffer)[0];
  const whole = bits.length & ~7;
  for (let i = 0, at = firstElement / 8; i < whole; i += 8, at++) {
    // A byte of ties is either before the limit, behind it, or looked at below.
    const limit = below + (firstElement + i + 8 <= tieLimit ? 1 : 0);
    mask[at] |=
      (((bits[i] & 0x7fffffff) - limit) >>> 31) |
      ((((bits[i + 1] & 0x7fffffff) - limit) >>> 31) << 1) |
      ((((bits[i + 2] & 0x7fffffff) - limit) >>> 31) << 2) |
      ((((bits[i + 3] & 0x7fffffff) - limit) >>> 31) << 3) |
      ((((bits[i + 4] & 0x7fffffff) - limit) >>> 31) << 4) |
      ((((bits[i + 5] & 0x7fffffff) - limit) >>> 31) << 5) |
      ((((bits[i + 6] & 0x7fffffff) - limit) >>> 31) << 6) |
      ((((bits[i + 7] & 0x7fffffff) - limit) >>> 31) << 7);
  }
  const split = Math.floor((tieLimit - firstElement) / 8) * 8;
  if (split >= 0 && split < whole) {
    setMaskBitsFrom(split, mask, scores.subarray(0, split + 8), cut);
  }
  setMaskBitsFrom(whole, mask, scores, cut);
}

function setMaskBitsFrom(
  start: number,
  mask: Uint8Array,
  scores: Float32Array | Float64Array,
  { firstElement, threshold, tieLimit }: MaskCut,
): void {
  for (let i = start; i < scores.length; i++) {
    const score = Math.abs(scores[i]);
    const index = firstElement + i;
    if (score < threshold || (score === threshold && index < tieLimit)) {
      mask[index >>> 3] |= 1 << (index & 7);
    }
  }
}

/** Counts of a tensor's weights under a mask. */
export interface MaskTally {
  zeros: number;
  nonFinite: number;
  /** Zero already, or masked. */
  zerosAfter: number;
}

/**
 * Adds a chunk of weights to the tally; the bits of weights that are not finite are cleared, for they are
 * never pruned.
 */
export function tallyMaskInPlace(
  tally: MaskTally,
  mask: Uint8Array,
  weights: Float32Array | Float64Array,
  run: FlagRun,
): void {
  if (run.flatIndexOf === null && weights instanceof Float32Array) {
    tallyMask32(tally, mask, weights, run.firstElement);
  } else tallyMaskOneByOne(tally, mask, weights, run);
}

function tallyMaskOneByOne(
  tally: MaskTally,
  mask: Uint8Array,
  weights: Float32Array | Float64Array,
  { firstElement, flatIndexOf }: FlagRun,
): void {
  for (let i = 0; i < weights.length; i++) {
    const magnitude = Math.abs(weights[i]);
    const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
    const bit = 1 << (index & 7);
    if (magnitude === 0) tally.zeros++;
    if (!(magnitude <= Number.MAX_VALUE)) {
      tally.nonFinite++;
      mask[index >>> 3] &= ~bit;
    } else if (magnitude === 0 || mask[index >>> 3] & bit) tally.zerosAfter++;
  }
}

/** Eight at a time and without branches that cannot be foreseen: what is not finite is rare. */
function tallyMask32(
  tally: MaskTally,
  mask: Uint8Array,
  weights: Float32Array,
  firstElement: number,
): void {
  const bits = new Int32Array(weights.buffer, weights.byteOffset, weights.length);
  const whole = firstElement % 8 === 0 ? bits.length & ~7 : 0;
  let zeros = 0;
  let zerosAfter = 0;
  for (let i = 0, at = firstElement / 8; i < whole; i += 8, at++) {
    let isZero = 0;
    let signs = 0;
    for (let bit = 0; bit < 8; bit++) {
      const magnitude = bits[i + bit] & 0x7fffffff;
      isZero |= ((magnitude - 1) >>> 31) << bit;
      signs |= INFINITY_BITS - 1 - magnitude;
    }
    if (signs < 0) tally.nonFinite += clearNonFinite(mask, at, bits.subarray(i, i + 8));
    zeros += BITS_SET[isZero];
    zerosAfter += BITS_SET[isZero | mask[at]];
  }
  tally.zeros += zeros;
  tally.zerosAfter += zerosAfter;
  const rest = { firstElement: firstElement + whole, flatIndexOf: null };
  tallyMaskOneByOne(tally, mask, weights.subarray(whole), rest);
}

/** Of each byte. */
const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest > 0; rest &= rest - 1) count++;
  return count;
});

/** Clears the bits of what is not finite in one byte of a mask; how many are not. */
function clearNonFinite(mask: Uint8Array, at: number, bits: Int32Array): number {
  let count = 0;
  for (let bit = 0; bit < bits.length; bit++) {
    if ((bits[bit] & 0x7fffffff) < INFINITY_BITS) continue;
    mask[at] &= ~(1 << bit);
    count++;
  }
  return count;
}

/** Where a run of flags lies in a mask. */
export interface FlagRun {
  /** The storage index of the run's first element. */
  readonly firstElement: number;
  /** Flat index of a storage index; null where both are the same. */
  readonly flatIndexOf: ((storageIndex: number) => number) | null;
}

/** Sets the bits of the flagged elements. */
export function setFlagBits(mask: Uint8Array, flags: Uint8Array, run: FlagRun): void {
  const { firstElement, flatIndexOf } = run;
  const inBytes = flatIndexOf === null && firstElement % 8 === 0 ? flags.length & ~7 : 0;
  for (let i = 0, at = firstElement / 8; i < inBytes; i += 8, at++) {
    mask[at] |=
      flags[i] |
      (flags[i + 1] << 1) |
      (flags[i + 2] << 2) |
      (flags[i + 3] << 3) |
      (flags[i + 4] << 4) |
      (flags[i + 5] << 5) |
      (flags[i + 6] << 6) |
      (flags[i + 7] << 7);
  }
  for (let i = inBytes; i < flags.length; i++) {
    if (flags[i] === 0) continue;
    const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
    mask[index >>> 3] |= 1 << (index & 7);
  }
}

/** The counts of flagged weights. */
export interface FlagTally extends MaskTally {
  /** Those that go, zero already or not. */
  flagged: number;
}

/** Adds a chunk of weights to the tally, of which the flagged ones go. */
export function tallyFlagsInPlace(
  tally: FlagTally,
  flags: Uint8Array,
  weights: Float32Array | Float64Array,
): void {
  if (weights instanceof Float32Array) tallyFlags32(tally, flags, weights);
  else tallyFlags64(tally, flags, weights);
}

/** Without branches, as which weights go cannot be foreseen. */
function tallyFlags32(tally: FlagTally, flags: Uint8Array, weights: Float32Array): void {
  const bits = new Int32Array(weights.buffer, weights.byteOffset, weights.length);
  let zeros = 0;
  let finite = 0;
  let flagged = 0;
  let zerosAfter = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & 0x7fffffff;
    const isZero = (magnitude - 1) >>> 31;
    zeros += isZero;
    finite += (magnitude - INFINITY_BITS) >>> 31;
    flagged += flags[i];
    zerosAfter += isZero | flags[i];
  }
  tally.zeros += zeros;
  tally.nonFinite += bits.length - finite;
  tally.flagged += flagged;
  tally.zerosAfter += zerosAfter;
}

function tallyFlags64(tally: FlagTally, flags: Uint8Array, weights: Float64Array): void {
  for (let i = 0; i < weights.length; i++) {
    const magnitude = Math.abs(weights[i]);
    tally.flagged += flags[i];
    if (magnitude === 0) tally.zeros++;
    if (!(magnitude <= Number.MAX_VALUE)) tally.nonFinite++;
    else if (magnitude === 0 || flags[i] !== 0) tally.zerosAfter++;
  }
}

/** Whole units that go: that of storage index i is floor(i / inner) modulo the number of flags. */
export interface UnitFlags {
  readonly firstElement: number;
  readonly inner: number;
  readonly unitFlags: Uint8Array;
}

/** Adds a chunk of weights to the tally, of which those of flagged units go. */
export function tallyUnitsInPlace(
  tally: MaskTally,
  weights: Float32Array | Float64Array,
  { firstElement, inner, unitFlags }: UnitFlags,
): void {
  let unit = Math.floor(firstElement / inner) % unitFlags.length;
  let untilNext = inner - (firstElement % inner);
  for (let i = 0; i < weights.length; i++) {
    const magnitude = Math.abs(weights[i]);
    if (magnitude === 0) tally.zeros++;
    if (!(magnitude <= Number.MAX_VALUE)) tally.nonFinite++;
    else if (magnitude === 0 || unitFlags[unit] !== 0) tally.zerosAfter++;
    if (--untilNext === 0) {
      untilNext = inner;
      unit = unit + 1 === unitFlags.length ? 0 : unit + 1;
    }
  }
}

/** Sets the bits of values that are zero. */
export function setZeroBits(
  mask: Uint8Array,
  values: Float32Array | Float64Array,
  { firstElement, flatIndexOf }: FlagRun,
): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) continue;
    const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
    mask[index >>> 3] |= 1 << (index & 7);
  }
}

/** Sets the bits that are set in another mask of the same length. */
export function addMaskInPlace(mask: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] |= other[i];
}

/** A mask of what is set in either of two of the same length. */
export function maskUnion(one: Uint8Array, other: Uint8Array): Uint8Array {
  const union = one.slice();
  addMaskInPlace(union, other);
  return union;
}

/** Whether no bit is set. */
export function isMaskEmpty(mask: Uint8Array): boolean {
  return mask.every((byte) => byte === 0);
}

/** Sets the bits of all elements of the flagged units (see {@link UnitFlags}), in C order. */
export function maskUnits(
  mask: Uint8Array,
  unitFlags: Uint8Array,
  { elementCount, inner }: { readonly elementCount: number; readonly inner: number },
): void {
  for (let i = 0; i < elementCount; i++) {
    mask[i >>> 3] |= unitFlags[Math.floor(i / inner) % unitFlags.length] << (i & 7);
  }
}

/**
 * Adds to each unit's count how many of its elements have their bits set. Both in C order.
 * @param counts one a unit: that of flat index i is floor(i / inner) modulo their number
 */
export function countMaskedInPlace(
  counts: Float64Array,
  mask: Uint8Array,
  { elementCount, inner }: { readonly elementCount: number; readonly inner: number },
): void {
  for (let i = 0; i < elementCount; i++) {
    counts[Math.floor(i / inner) % counts.length] += (mask[i >>> 3] >>> (i & 7)) & 1;
  }
}
