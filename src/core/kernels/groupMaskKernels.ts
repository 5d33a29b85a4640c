import type { FlagTally } from './maskKernels';
import { INFINITY_BITS } from './selectionKernels';

/** Groups of N:M: `keep` of each `group` elements stay, which stand `inner` apart. */
export interface GroupShape {
  readonly keep: number;
  readonly group: number;
  readonly inner: number;
}

/**
 * Flags the elements that go: in each group all but the `keep` with the largest |score|, of equal ones the
 * first. What is not finite stays, and counts among the largest. Without branches, for which elements go
 * cannot be foreseen. Cost: group comparisons an element.
 * @param flags one an element: 1 goes, 0 stays
 * @param scores whole slabs of group x inner elements
 */
export function flagGroups(
  flags: Uint8Array,
  scores: Float32Array | Float64Array,
  shape: GroupShape,
): void {
  if (scores instanceof Float64Array) {
    flagGroups64(flags, scores, shape);
    return;
  }
  const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
  if (shape.group === 4 && shape.keep === 2) flagTwoOfFour(flags, bits, shape.inner);
  else flagGroups32(flags, bits, shape);
}

/**
 * The rank of each of four magnitudes among them, from the six comparisons: a goes before b when a <= b, that
 * is when a - b - 1 is negative.
 */
function flagTwoOfFour(flags: Uint8Array, bits: Int32Array, inner: number): void {
  const slab = 4 * inner;
  for (let start = 0; start < bits.length; start += slab) {
    for (let i = start; i < start + inner; i++) {
      const a = bits[i] & 0x7fffffff;
      const b = bits[i + inner] & 0x7fffffff;
      const c = bits[i + 2 * inner] & 0x7fffffff;
      const d = bits[i + 3 * inner] & 0x7fffffff;
      const ab = (a - b - 1) >>> 31;
      const ac = (a - c - 1) >>> 31;
      const ad = (a - d - 1) >>> 31;
      const bc = (b - c - 1) >>> 31;
      const bd = (b - d - 1) >>> 31;
      const cd = (c - d - 1) >>> 31;
      // A rank below 2 goes; the sign of the difference says so. Of finite magnitudes the second is negative, too.
      flags[i] = ((1 - ab - ac - ad) & (a - INFINITY_BITS)) >>> 31;
      flags[i + inner] = ((ab - bc - bd) & (b - INFINITY_BITS)) >>> 31;
      flags[i + 2 * inner] = ((ac + bc - cd - 1) & (c - INFINITY_BITS)) >>> 31;
      flags[i + 3 * inner] = ((ad + bd + cd - 2) & (d - INFINITY_BITS)) >>> 31;
    }
  }
}

// The same twice, on bits and on numbers: comparing float32 as whole numbers takes less than a third of the time (15 ns
// a weight for 50, at 4:8), and float64 has no such whole numbers.

function flagGroups32(
  flags: Uint8Array,
  bits: Int32Array,
  { keep, group, inner }: GroupShape,
): void {
  const values = new Int32Array(group);
  const ranks = new Int32Array(group);
  const slab = group * inner;
  for (let start = 0; start < bits.length; start += slab) {
    for (let i = start; i < start + inner; i++) {
      for (let m = 0; m < group; m++) {
        values[m] = bits[i + m * inner] & 0x7fffffff;
        ranks[m] = keep - group;
      }
      for (let m = 1; m < group; m++) {
        for (let earlier = 0; earlier < m; earlier++) {
          const before = (values[earlier] - values[m] - 1) >>> 31;
          ranks[m] += before;
          ranks[earlier] += 1 - before;
        }
      }
      for (let m = 0; m < group; m++) {
        flags[i + m * inner] = (ranks[m] & (values[m] - INFINITY_BITS)) >>> 31;
      }
    }
  }
}

function flagGroups64(
  flags: Uint8Array,
  scores: Float64Array,
  { keep, group, inner }: GroupShape,
): void {
  const values = new Float64Array(group);
  const ranks = new Int32Array(group);
  const slab = group * inner;
  for (let start = 0; start < scores.length; start += slab) {
    for (let i = start; i < start + inner; i++) {
      for (let m = 0; m < group; m++) {
        const magnitude = Math.abs(scores[i + m * inner]);
        values[m] = magnitude <= Number.MAX_VALUE ? magnitude : Infinity;
        ranks[m] = keep - group;
      }
      for (let m = 1; m < group; m++) {
        for (let earlier = 0; earlier < m; earlier++) {
          const before = values[earlier] <= values[m] ? 1 : 0;
          ranks[m] += before;
          ranks[earlier] += 1 - before;
        }
      }
      for (let m = 0; m < group; m++) {
        flags[i + m * inner] = ranks[m] < 0 && values[m] <= Number.MAX_VALUE ? 1 : 0;
      }
    }
  }
}

/** Takes the flags of scores above a threshold back. */
export function keepAbove(
  flags: Uint8Array,
  scores: Float32Array | Float64Array,
  threshold: number,
): void {
  for (let i = 0; i < scores.length; i++) if (Math.abs(scores[i]) > threshold) flags[i] = 0;
}

/**
 * 2:4 of groups that lie together, in one pass: sets the bits of the elements that go and adds to the tally,
 * as {@link flagGroups} and what follows it do, several times as fast.
 * @param bits of float32 scores, a multiple of eight
 * @param firstByte of the mask, where the first element's bit is the lowest
 */
export function maskTwoOfFour(
  mask: Uint8Array,
  firstByte: number,
  bits: Int32Array,
  tally: FlagTally,
): void {
  let byte = firstByte;
  let plain = 0;
  for (let i = 0; i < bits.length; i += 8, byte++) {
    const lower = lowestTwo(bits[i], bits[i + 1], bits[i + 2], bits[i + 3]);
    const upper = lowestTwo(bits[i + 4], bits[i + 5], bits[i + 6], bits[i + 7]);
    if ((lower | upper) < ODD) {
      mask[byte] = lower | (upper << 4);
      plain += 2;
      continue;
    }
    mask[byte] =
      countedGroup(lower & 15, bits, i, tally) |
      (countedGroup(upper & 15, bits, i + 4, tally) << 4);
  }
  tally.flagged += 2 * plain;
  tally.zerosAfter += 2 * plain;
}

/** Set where a group holds a zero or what is not finite: only then its weights are looked at one by one. */
const ODD = 16;

/** Four flags, from the lowest bit, of the two that go; with {@link ODD}. */
function lowestTwo(w: number, x: number, y: number, z: number): number {
  const a = w & 0x7fffffff;
  const b = x & 0x7fffffff;
  const c = y & 0x7fffffff;
  const d = z & 0x7fffffff;
  const ab = (a - b - 1) >>> 31;
  const ac = (a - c - 1) >>> 31;
  const ad = (a - d - 1) >>> 31;
  const bc = (b - c - 1) >>> 31;
  const bd = (b - d - 1) >>> 31;
  const cd = (c - d - 1) >>> 31;
  const last = INFINITY_BITS - 1;
  const odd =
    (a - 1) | (b - 1) | (c - 1) | (d - 1) | (last - a) | (last - b) | (last - c) | (last - d);
  return (
    ((1 - ab - ac - ad) >>> 31) |
    (((ab - bc - bd) >>> 31) << 1) |
    (((ac + bc - cd - 1) >>> 31) << 2) |
    (((ad + bd + cd - 2) >>> 31) << 3) |
    ((odd >>> 31) << 4)
  );
}

/** The flags of the four elements from `start` without those that are not finite, which are counted. */
function countedGroup(flags: number, bits: Int32Array, start: number, tally: FlagTally): number {
  let counted = 0;
  for (let m = 0; m < 4; m++) {
    const magnitude = bits[start + m] & 0x7fffffff;
    const isZero = (magnitude - 1) >>> 31;
    const isFinite = (magnitude - INFINITY_BITS) >>> 31;
    const goes = (flags >>> m) & isFinite;
    tally.zeros += isZero;
    tally.nonFinite += 1 - isFinite;
    tally.flagged += goes;
    tally.zerosAfter += goes | isZero;
    counted |= goes << m;
  }
  return counted;
}
