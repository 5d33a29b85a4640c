import { flagGroups, keepAbove } from '../kernels/groupMaskKernels';
import {
  type FlagTally,
  maskByteLength,
  setFlagBits,
  tallyFlagsInPlace,
} from '../kernels/maskKernels';
import type { ScoreTensor } from './scoreTensor';
import type { OnChunk } from './selection';
import { wholeSlabs } from './wholeSlabs';

/** Groups of consecutive weights along one axis of a tensor. */
export interface NmGroups {
  readonly keep: number;
  readonly group: number;
  /** How far apart, as stored, the weights of a group are. */
  readonly inner: number;
  /** Of the weights that would go, those with a score above this stay; undefined for none. */
  readonly threshold: number | undefined;
}

/** A mask (see TensorCut.mask), with the counts of the scores under it: of magnitudes, those of the weights. */
export interface TalliedMask {
  readonly mask: Uint8Array;
  readonly tally: FlagTally;
}

/**
 * N:M sparsity: of each group the `keep` largest scores stay; of equal ones the lower index goes first. One
 * pass over the scores; space: a bit an element, and a chunk.
 * Source: Zhou et al., Learning N:M fine-grained structured sparse neural networks from scratch, 2021.
 */
export async function nmMask(
  scored: ScoreTensor,
  { keep, group, inner, threshold }: NmGroups,
  onChunk: OnChunk,
): Promise<TalliedMask> {
  const mask = new Uint8Array(maskByteLength(scored.tensor.elementCount));
  const tally = { zeros: 0, nonFinite: 0, zerosAfter: 0, flagged: 0 };
  let scratch = new Uint8Array(0);
  for await (const part of wholeSlabs(scored, { rows: group, inner })) {
    const { scores } = part;
    if (scratch.length < scores.length) scratch = new Uint8Array(scores.length);
    const flags = scratch.subarray(0, scores.length);
    flagGroups(flags, scores, { keep, group, inner: part.inner });
    if (threshold !== undefined) keepAbove(flags, scores, threshold);
    tallyFlagsInPlace(tally, flags, scores);
    let at = 0;
    for (const { firstElement, length } of part.runs) {
      const run = { firstElement, flatIndexOf: scored.flatIndexOf };
      setFlagBits(mask, flags.subarray(at, at + length), run);
      at += length;
    }
    onChunk(scores.length);
  }
  return { mask, tally };
}
