import { float32Bits } from './float32Bits';

/** float32 magnitudes at and above these bits are infinite or NaN. */
export const INFINITY_BITS = 0x7f800000;

/** Magnitudes from `low` up to, not with, `high`. */
export interface MagnitudeRange {
  readonly low: number;
  readonly high: number;
}

/** Which bits of a magnitude's pattern one level of the radix selection counts. */
export interface RadixLevel {
  /** 0 the upper (or only) word, 1 the lower word of a float64. */
  readonly word: 0 | 1;
  readonly shift: number;
  readonly mask: number;
}

/** 31 bits of magnitude of a float32, upper 16 first. */
export const FLOAT32_LEVELS: readonly RadixLevel[] = [
  { word: 0, shift: 15, mask: 0xffff },
  { word: 0, shift: 0, mask: 0x7fff },
];

/** 63 bits of magnitude of a float64. */
export const FLOAT64_LEVELS: readonly RadixLevel[] = [
  { word: 0, shift: 15, mask: 0xffff },
  { word: 0, shift: 0, mask: 0x7fff },
  { word: 1, shift: 16, mask: 0xffff },
  { word: 1, shift: 0, mask: 0xffff },
];

/** Adds to bins[the level's bits] for each |score| within the range. NaN and infinities are in none. */
export function countLevel(
  scores: Float32Array | Float64Array,
  level: RadixLevel,
  range: MagnitudeRange,
  bins: Uint32Array,
): void {
  if (scores instanceof Float32Array) countLevel32(scores, level, range, bins);
  else countLevel64(scores, level, range, bins);
}

function countLevel32(
  scores: Float32Array,
  level: RadixLevel,
  range: MagnitudeRange,
  bins: Uint32Array,
): void {
  const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
  const { shift, mask } = level;
  // As int32: V8 compares these in registers, larger numbers as float64.
  const low = float32Bits(range.low) | 0;
  const last = (float32Bits(range.high) - low - 1) | 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & 0x7fffffff;
    const distance = (magnitude - low) | 0;
    // Neither is negative: within the range.
    if ((distance | ((last - distance) | 0)) >= 0) bins[(magnitude >>> shift) & mask]++;
  }
}

function countLevel64(
  scores: Float64Array,
  level: RadixLevel,
  range: MagnitudeRange,
  bins: Uint32Array,
): void {
  const words = new Uint32Array(scores.buffer, scores.byteOffset, 2 * scores.length);
  const { shift, mask, word } = level;
  const { low, high } = range;
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude >= low && magnitude < high) {
      const bits = word === 0 ? words[2 * i + 1] & 0x7fffffff : words[2 * i];
      bins[(bits >>> shift) & mask]++;
    }
  }
}

const words64 = new Uint32Array(2);
const value64 = new Float64Array(words64.buffer);

/** The float64 with these upper and lower words. */
export function float64FromWords(upper: number, lower: number): number {
  words64[0] = lower;
  words64[1] = upper;
  return value64[0];
}

/** Counts of one tensor, added up chunk by chunk. */
export interface Tally {
  zeros: number;
  nonFinite: number;
}

/**
 * The first pass over a chunk: counts the upper 16 bits of each finite |score|, exact zeros, and
 * values that are not finite.
 */
export function countFirstLevel(
  scores: Float32Array | Float64Array,
  bins: Uint32Array,
  tally: Tally,
): void {
  if (scores instanceof Float32Array) countFirstLevel32(scores, bins, tally);
  else countFirstLevel64(scores, bins, tally);
}

/** Magnitude bits at and above these, shifted as the first level does, are infinite or NaN. */
const FIRST_NON_FINITE_BIN = INFINITY_BITS >>> 15;

function countFirstLevel32(scores: Float32Array, bins: Uint32Array, tally: Tally): void {
  const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
  let zeros = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & 0x7fffffff;
    bins[magnitude >>> 15]++;
    if (magnitude === 0) zeros++;
  }
  tally.zeros += zeros;
  // What is not finite fell into bins of its own, which are emptied again.
  for (let bin = FIRST_NON_FINITE_BIN; bin < bins.length; bin++) {
    tally.nonFinite += bins[bin];
    bins[bin] = 0;
  }
}

function countFirstLevel64(scores: Float64Array, bins: Uint32Array, tally: Tally): void {
  countLevel64(scores, FLOAT64_LEVELS[0], { low: 0, high: Infinity }, bins);
  tallyInPlace(tally, scores);
}

/** Counts exact zeros and values that are not finite. */
export function tallyInPlace(tally: Tally, scores: Float32Array | Float64Array): void {
  let zeros = 0;
  let finite = 0;
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude === 0) zeros++;
    if (magnitude <= Number.MAX_VALUE) finite++;
  }
  tally.zeros += zeros;
  tally.nonFinite += scores.length - finite;
}

/** How many magnitudes lie below `low`, and how many from there up to, not with, `high`. */
export interface RangeCount {
  below: number;
  within: number;
}

/** Adds one chunk's counts. */
export function countRangeInPlace(
  count: RangeCount,
  scores: Float32Array | Float64Array,
  range: MagnitudeRange,
): void {
  const { low, high } = range;
  let below = 0;
  let within = 0;
  // Reading either array type through one loop is slower, but this runs only where collecting cannot.
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude < low) below++;
    else if (magnitude < high) within++;
  }
  count.below += below;
  count.within += within;
}

/**
 * Members of a range with their places. `length` goes on counting where the arrays are full, so that
 * the caller sees how many there would have been.
 */
export interface Candidates {
  readonly magnitudes: Float64Array;
  readonly storageIndices: Float64Array;
  length: number;
}

/** Where a chunk stands, and the counts of its tensor. */
export interface CollectPlace {
  readonly firstElement: number;
  readonly tally: Tally;
}

/**
 * Appends the members of the range to the candidates and adds zeros and what is not finite to the
 * tally; returns how many magnitudes lie below the range.
 */
export function collectRange(
  scores: Float32Array | Float64Array,
  range: MagnitudeRange,
  candidates: Candidates,
  place: CollectPlace,
): number {
  return scores instanceof Float32Array
    ? collect32(scores, range, candidates, place)
    : collect64(scores, range, candidates, place);
}

/**
 * Four elements a step, each question asked by the sign of a number: which scores lie below is not
 * predictable, and a mispredicted branch costs more than the rest. Only the few scores within the
 * range, and the last ones, are looked at one by one.
 */
function collect32(
  scores: Float32Array,
  range: MagnitudeRange,
  candidates: Candidates,
  place: CollectPlace,
): number {
  const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
  const low = float32Bits(range.low) | 0;
  const last = (float32Bits(range.high) - low - 1) | 0;
  const end = bits.length & ~3;
  let below = 0;
  let odd = 0;
  for (let i = 0; i < end; i += 4) {
    const a = bits[i] & 0x7fffffff;
    const b = bits[i + 1] & 0x7fffffff;
    const c = bits[i + 2] & 0x7fffffff;
    const d = bits[i + 3] & 0x7fffffff;
    const fromA = (a - low) | 0;
    const fromB = (b - low) | 0;
    const fromC = (c - low) | 0;
    const fromD = (d - low) | 0;
    below = (below - (fromA >> 31) - (fromB >> 31) - (fromC >> 31) - (fromD >> 31)) | 0;
    // Negative where one is zero, or is not finite.
    odd |= (a - 1) | (b - 1) | (c - 1) | (d - 1);
    odd |= (LAST_FINITE - a) | (LAST_FINITE - b) | (LAST_FINITE - c) | (LAST_FINITE - d);
    // Not negative where one is within the range.
    const within =
      (fromA | ((last - fromA) | 0)) &
      (fromB | ((last - fromB) | 0)) &
      (fromC | ((last - fromC) | 0)) &
      (fromD | ((last - fromD) | 0));
    if (within >= 0) collectFew(scores, { from: i, to: i + 4, low, last }, candidates, place);
  }
  if (odd < 0) tallyInPlace(place.tally, scores.subarray(0, end));
  const rest = scores.subarray(end);
  tallyInPlace(place.tally, rest);
  for (const score of rest) if (Math.abs(score) < range.low) below++;
  collectFew(scores, { from: end, to: scores.length, low, last }, candidates, place);
  return below;
}

/** The bits of the largest finite float32. */
const LAST_FINITE = INFINITY_BITS - 1;

interface FewElements {
  readonly from: number;
  readonly to: number;
  /** The bits of the range's lower end, and how far its last member lies from it. */
  readonly low: number;
  readonly last: number;
}

function collectFew(
  scores: Float32Array,
  { from, to, low, last }: FewElements,
  candidates: Candidates,
  { firstElement }: CollectPlace,
): void {
  const { magnitudes, storageIndices } = candidates;
  for (let i = from; i < to; i++) {
    const distance = (float32Bits(Math.abs(scores[i])) - low) | 0;
    if ((distance | ((last - distance) | 0)) < 0) continue;
    // Beyond the arrays' end nothing is stored, but counted.
    magnitudes[candidates.length] = Math.abs(scores[i]);
    storageIndices[candidates.length++] = firstElement + i;
  }
}

function collect64(
  scores: Float64Array,
  range: MagnitudeRange,
  candidates: Candidates,
  { firstElement, tally }: CollectPlace,
): number {
  const { low, high } = range;
  const { magnitudes, storageIndices } = candidates;
  let { length } = candidates;
  let below = 0;
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude < low && magnitude <= Number.MAX_VALUE) below++;
    else if (magnitude < high && magnitude <= Number.MAX_VALUE) {
      magnitudes[length] = magnitude;
      storageIndices[length++] = firstElement + i;
    }
  }
  candidates.length = length;
  tallyInPlace(tally, scores);
  return below;
}
