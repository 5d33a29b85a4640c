import { collectCandidates } from '../collectCandidates';
import type { ScoreTensor } from '../scoreTensor';
import type { OnChunk } from '../selection';
import { BIN_COUNT, binCounts, binRange, countUpTo } from './binnedCounts';
import { lowestWhere } from './lowestWhere';

/**
 * Whether it suffices that these many of the lowest scores of each tensor go. If they do, so do more.
 * @param zeros of each tensor: scores of exactly zero
 */
export type Suffices = (counts: readonly number[], zeros: readonly number[]) => boolean;

/**
 * How many of the lowest scores of all tensors together must go until a condition on each tensor's share of them
 * holds: the fewest, by (score, tensor order). Two passes: bins of magnitudes tell the bin in which it comes to
 * hold, and its members are looked at one by one. Where they are too many to be collected the answer is the
 * bin's end, which is somewhat too many. All finite scores, where not even they suffice.
 */
export async function estimateCount(
  tensors: readonly ScoreTensor[],
  suffices: Suffices,
  onChunk: OnChunk,
): Promise<number> {
  const binned = await binCounts(tensors, onChunk);
  const zeros = binned.map((one) => one.zeros);
  const countsUpTo = (bin: number): readonly number[] =>
    binned.map((counts) => countUpTo(counts, bin));
  const all = countsUpTo(BIN_COUNT);
  if (!suffices(all, zeros)) return sumOf(all);
  const bin = lowestWhere(BIN_COUNT - 1, (one) => suffices(countsUpTo(one), zeros));
  const inFloat64 = tensors.some((scored) => scored.inFloat64);
  const { candidates, ends, overflowed } = await collectCandidates(
    tensors,
    binRange(bin, inFloat64),
    onChunk,
  );
  if (overflowed) return sumOf(countsUpTo(bin));
  const below = countsUpTo(bin - 1);
  const members = ends.map((end, i): Members => {
    const magnitudes = candidates.magnitudes.slice(ends[i - 1] ?? 0, end).sort();
    return { below: below[i] ?? 0, magnitudes };
  });
  return sumOf(fewestOf(members, (counts) => suffices(counts, zeros)));
}

/** A tensor's scores of one bin, ascending, and how many lie below them. */
interface Members {
  readonly below: number;
  readonly magnitudes: Float64Array;
}

/** The fewest of each tensor that suffice, taking scores in ascending order, equal ones tensor by tensor. */
function fewestOf(
  members: readonly Members[],
  suffices: (counts: readonly number[]) => boolean,
): readonly number[] {
  const all = mergedAscending(members);
  const upTo = (score: number): number[] =>
    members.map(({ below, magnitudes: own }) => below + firstWhere(own, (one) => one > score));
  const last = lowestWhere(Math.max(0, all.length - 1), (i) => suffices(upTo(all[i] ?? 0)));
  const score = all[last] ?? 0;
  const counts = members.map(
    ({ below, magnitudes: own }) => below + firstWhere(own, (one) => one >= score),
  );
  for (const [i, most] of upTo(score).entries()) {
    const least = counts[i] ?? 0;
    const ties = lowestWhere(most - least, (n) => suffices(counts.with(i, least + n)));
    counts[i] = least + ties;
    if (suffices(counts)) break;
  }
  return counts;
}

function mergedAscending(members: readonly Members[]): Float64Array {
  const all = new Float64Array(members.reduce((sum, { magnitudes }) => sum + magnitudes.length, 0));
  let length = 0;
  for (const { magnitudes } of members) {
    all.set(magnitudes, length);
    length += magnitudes.length;
  }
  return all.sort();
}

/** Index of the first element for which a condition holds that goes on holding; the length where there is none. */
function firstWhere(ascending: Float64Array, holds: (one: number) => boolean): number {
  return lowestWhere(ascending.length, (i) => holds(ascending[i] ?? 0));
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
