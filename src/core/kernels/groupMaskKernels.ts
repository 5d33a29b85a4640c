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
