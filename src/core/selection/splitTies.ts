import { countRangeInPlace, type Tally, tallyInPlace } from '../kernels/selectionKernels';
import type { NarrowedRange } from './narrowByRadix';
import { tieLimitOf } from './rankCandidates';
import type { ScoreTensor } from './scoreTensor';
import type { OnChunk, Selection, TensorSelection } from './selection';

/**
 * The selection where the members of the range are all equal and too many to be collected: they are
 * counted, and the place where they are split is looked up in the one tensor that holds it.
 */
export async function splitTies(
  tensors: readonly ScoreTensor[],
  { range, rank }: NarrowedRange,
  onChunk: OnChunk,
): Promise<Selection> {
  let tiesLeft = rank;
  const selected: TensorSelection[] = [];
  for (const scored of tensors) {
    const tally: Tally = { zeros: 0, nonFinite: 0 };
    const count = { below: 0, within: 0 };
    for await (const { scores } of scored.chunks()) {
      tallyInPlace(tally, scores);
      countRangeInPlace(count, scores, range);
      onChunk(scores.length);
    }
    const taken = Math.min(tiesLeft, count.within);
    tiesLeft -= taken;
    const all = taken === count.within;
    const tieLimit = all ? scored.tensor.elementCount : await limitOfTies(scored, range.low, taken);
    selected.push({ selectedCount: count.below + taken, tieLimit, ...tally });
  }
  return { threshold: range.low, tensors: selected };
}

/** The flat index before which exactly `taken` elements have this magnitude. */
async function limitOfTies(scored: ScoreTensor, magnitude: number, taken: number): Promise<number> {
  if (taken === 0) return 0;
  return scored.flatIndexOf === null
    ? limitInOrder(scored, magnitude, taken)
    : limitOutOfOrder(scored, scored.flatIndexOf, { magnitude, taken });
}

async function limitInOrder(
  scored: ScoreTensor,
  magnitude: number,
  taken: number,
): Promise<number> {
  let left = taken;
  for await (const { firstElement, scores } of scored.chunks()) {
    for (const [i, score] of scores.entries()) {
      if (Math.abs(score) === magnitude && --left === 0) return firstElement + i + 1;
    }
  }
  throw new Error('a tensor changed while it was being read');
}

/** Fortran order: the places are not met in flat order, so all are gathered (8 bytes each). */
async function limitOutOfOrder(
  scored: ScoreTensor,
  flatIndexOf: (storageIndex: number) => number,
  { magnitude, taken }: { readonly magnitude: number; readonly taken: number },
): Promise<number> {
  const places: number[] = [];
  for await (const { firstElement, scores } of scored.chunks()) {
    for (const [i, score] of scores.entries()) {
      if (Math.abs(score) === magnitude) places.push(flatIndexOf(firstElement + i));
    }
  }
  places.sort((a, b) => a - b);
  return tieLimitOf(places, taken, scored);
}
