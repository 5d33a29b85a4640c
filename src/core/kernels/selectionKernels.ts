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
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const { shift, mask } = level;
  const low = float32Bits(range.low);
  const high = float32Bits(range.high);
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & 0x7fffffff;
    if (magnitude >= low && magnitude < high) bins[(magnitude >>> shift) & mask]++;
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

const bitsScratch = new Uint32Array(1);
const valueScratch = new Float32Array(bitsScratch.buffer);

/** The bit pattern of a non-negative number as a float32. */
export function float32Bits(value: number): number {
  valueScratch[0] = value;
  return bitsScratch[0];
}

/** The float32 with this bit pattern. */
export function float32FromBits(bits: number): number {
  bitsScratch[0] = bits;
  return valueScratch[0];
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

/** Counts exact zeros and values that are not finite. */
export function tallyInPlace(tally: Tally, scores: Float32Array | Float64Array): void {
  if (scores instanceof Float32Array) tally32(tally, scores);
  else tally64(tally, scores);
}

function tally32(tally: Tally, scores: Float32Array): void {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  let zeros = 0;
  let nonFinite = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & 0x7fffffff;
    if (magnitude === 0) zeros++;
    else if (magnitude >= INFINITY_BITS) nonFinite++;
  }
  tally.zeros += zeros;
  tally.nonFinite += nonFinite;
}

function tally64(tally: Tally, scores: Float64Array): void {
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

/** Members of a range with their places; arrays are given the room they need beforehand. */
export interface Candidates {
  readonly magnitudes: Float64Array;
  readonly storageIndices: Float64Array;
  length: number;
}

/** Appends the members of the range to the candidates; returns how many magnitudes lie below it. */
export function collectRange(
  scores: Float32Array | Float64Array,
  firstElement: number,
  range: MagnitudeRange,
  candidates: Candidates,
): number {
  return scores instanceof Float32Array
    ? collect32(scores, firstElement, range, candidates)
    : collect64(scores, firstElement, range, candidates);
}

function collect32(
  scores: Float32Array,
  firstElement: number,
  range: MagnitudeRange,
  candidates: Candidates,
): number {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const low = float32Bits(range.low);
  const high = float32Bits(range.high);
  const { magnitudes, storageIndices } = candidates;
  let length = candidates.length;
  let below = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & 0x7fffffff;
    if (magnitude < low) below++;
    else if (magnitude < high) {
      magnitudes[length] = Math.abs(scores[i]);
      storageIndices[length++] = firstElement + i;
    }
  }
  candidates.length = length;
  return below;
}

function collect64(
  scores: Float64Array,
  firstElement: number,
  range: MagnitudeRange,
  candidates: Candidates,
): number {
  const { low, high } = range;
  const { magnitudes, storageIndices } = candidates;
  let length = candidates.length;
  let below = 0;
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude < low) below++;
    else if (magnitude < high) {
      magnitudes[length] = magnitude;
      storageIndices[length++] = firstElement + i;
    }
  }
  candidates.length = length;
  return below;
}
