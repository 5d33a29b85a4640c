import { float32FromBits } from './float32Bits';
import { float64FromWords } from './selectionKernels';

/** Counts and sums of squares of magnitudes, by the upper 16 bits below their sign. */
export interface SquareBins {
  readonly counts: Uint32Array;
  readonly sums: Float64Array;
}

/** Of {@link SquareBins}. */
export const SQUARE_BINS = 1 << 16;

/** Adds a chunk of weights to the bins; of NaN and infinities nothing that counts (see {@link finiteBins}). */
export function addSquaresInPlace(bins: SquareBins, weights: Float32Array | Float64Array): void {
  if (weights instanceof Float32Array) addSquares32(bins, weights);
  else addSquares64(bins, weights);
}

/** Four elements a step: sums of the four wait for one another only where they share a bin. */
function addSquares32({ counts, sums }: SquareBins, weights: Float32Array): void {
  const bits = new Int32Array(weights.buffer, weights.byteOffset, weights.length);
  const end = bits.length & ~3;
  for (let i = 0; i < end; i += 4) {
    const a = (bits[i] & 0x7fffffff) >>> 15;
    const b = (bits[i + 1] & 0x7fffffff) >>> 15;
    const c = (bits[i + 2] & 0x7fffffff) >>> 15;
    const d = (bits[i + 3] & 0x7fffffff) >>> 15;
    counts[a]++;
    counts[b]++;
    counts[c]++;
    counts[d]++;
    sums[a] += weights[i] * weights[i];
    sums[b] += weights[i + 1] * weights[i + 1];
    sums[c] += weights[i + 2] * weights[i + 2];
    sums[d] += weights[i + 3] * weights[i + 3];
  }
  for (let i = end; i < bits.length; i++) {
    const bin = (bits[i] & 0x7fffffff) >>> 15;
    counts[bin]++;
    sums[bin] += weights[i] * weights[i];
  }
}

function addSquares64({ counts, sums }: SquareBins, weights: Float64Array): void {
  const words = new Int32Array(weights.buffer, weights.byteOffset, 2 * weights.length);
  for (let i = 0; i < weights.length; i++) {
    const bin = (words[2 * i + 1] & 0x7fffffff) >>> 15;
    const weight = weights[i];
    counts[bin]++;
    sums[bin] += weight * weight;
  }
}

/** The bins of finite numbers: those from here on hold infinities and NaN. */
export function finiteBins(inFloat64: boolean): number {
  return inFloat64 ? 0x7ff00000 >>> 15 : 0x7f800000 >>> 15;
}

/** The smallest and the largest magnitude of a bin. */
export function binEnds(bin: number, inFloat64: boolean): readonly [number, number] {
  const first = (bin << 15) >>> 0;
  const last = first + 0x7fff;
  return inFloat64
    ? [float64FromWords(first, 0), float64FromWords(last, 0xffffffff)]
    : [float32FromBits(first), float32FromBits(last)];
}

/** The indices of the bins, up to, not with, `end`, that hold something. */
export function filledBins(counts: Uint32Array, end: number): Uint32Array {
  const filled = new Uint32Array(end);
  let length = 0;
  for (let bin = 0; bin < end; bin++) if (counts[bin] > 0) filled[length++] = bin;
  return filled.slice(0, length);
}

/** Magnitudes from `low` to `high`, both included. */
export interface ClosedRange {
  readonly low: number;
  readonly high: number;
}

/** Equal parts of a range with what they hold. `lows` begin at Infinity, `highs` at 0. */
export interface RangeBins extends SquareBins {
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

/** Adds the weights within the range to its parts. */
export function refineSquaresInPlace(
  { counts, sums, lows, highs }: RangeBins,
  weights: Float32Array | Float64Array,
  { low, high }: ClosedRange,
): void {
  const last = counts.length - 1;
  const scale = high > low ? counts.length / (high - low) : 0;
  for (let i = 0; i < weights.length; i++) {
    const magnitude = Math.abs(weights[i]);
    if (!(magnitude >= low && magnitude <= high)) continue;
    const bin = Math.min(last, Math.floor((magnitude - low) * scale));
    counts[bin]++;
    sums[bin] += magnitude * magnitude;
    if (magnitude < lows[bin]) lows[bin] = magnitude;
    if (magnitude > highs[bin]) highs[bin] = magnitude;
  }
}

/** Counts each magnitude within the range. */
export function countMagnitudesInPlace(
  counts: Map<number, number>,
  weights: Float32Array | Float64Array,
  { low, high }: ClosedRange,
): void {
  for (let i = 0; i < weights.length; i++) {
    const magnitude = Math.abs(weights[i]);
    if (!(magnitude >= low && magnitude <= high)) continue;
    counts.set(magnitude, (counts.get(magnitude) ?? 0) + 1);
  }
}

/** The indices of the finite weights, ascending by |w|, of equal ones by index. */
export function rankedAscending(weights: Float32Array | Float64Array): Uint32Array {
  return weights instanceof Float32Array ? ranked32(weights) : ranked64(weights);
}

/** One whole number of magnitude and index each: sorting numbers is many times faster than comparing by a function. */
function ranked32(weights: Float32Array): Uint32Array {
  const bits = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
  const keys = new BigUint64Array(weights.length);
  const words = new Uint32Array(keys.buffer);
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    const magnitude = bits[i] & 0x7fffffff;
    if (magnitude >= 0x7f800000) continue;
    words[2 * count] = i;
    words[2 * count + 1] = magnitude;
    count++;
  }
  keys.subarray(0, count).sort();
  const ranked = new Uint32Array(count);
  for (let rank = 0; rank < count; rank++) ranked[rank] = words[2 * rank];
  return ranked;
}

function ranked64(weights: Float64Array): Uint32Array {
  const indices: number[] = [];
  for (let i = 0; i < weights.length; i++) if (Number.isFinite(weights[i])) indices.push(i);
  return Uint32Array.from(
    indices.sort((a, b) => Math.abs(weights[a]) - Math.abs(weights[b]) || a - b),
  );
}
