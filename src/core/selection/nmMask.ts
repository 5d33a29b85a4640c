import { flagGroups, keepAbove, maskTwoOfFour } from '../kernels/groupMaskKernels';
import {
  type FlagTally,
  maskByteLength,
  setFlagBits,
  tallyFlagsInPlace,
} from '../kernels/maskKernels';
import type { ScoreTensor } from './scoreTensor';
import type { OnChunk } from './selection';
import { type SlabPart, wholeSlabs } from './wholeSlabs';

/** Groups of consecutive weights along one axis of a tensor. */
export interface NmGroups {
  readonly keep: number;
  readonly group: number;
  /** How far apart, as stored, the weights of a group are. */
  readonly inner: number;
  /** Of the weights that would go, those with a score above this stay; undefined for none. */
  readonly threshold: number | undefined;
  /** See {@link wholeSlabs}. */
  readonly maxSlabElements?: number;
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
  groups: NmGroups,
  onChunk: OnChunk,
): Promise<TalliedMask> {
  const masking = new NmMasking(scored, groups);
  const shape = { rows: groups.group, inner: groups.inner };
  for await (const part of wholeSlabs(scored, shape, groups.maxSlabElements)) {
    masking.add(part);
    onChunk(part.scores.length);
  }
  return masking;
}

class NmMasking implements TalliedMask {
  readonly mask: Uint8Array;
  readonly tally: FlagTally = { zeros: 0, nonFinite: 0, zerosAfter: 0, flagged: 0 };
  private scratch = new Uint8Array(0);
  private readonly isPlainTwoOfFour: boolean;

  constructor(
    private readonly scored: ScoreTensor,
    private readonly groups: NmGroups,
  ) {
    const { keep, group, inner, threshold } = groups;
    this.mask = new Uint8Array(maskByteLength(scored.tensor.elementCount));
    const lieTogether = inner === 1 && scored.flatIndexOf === null;
    this.isPlainTwoOfFour = keep === 2 && group === 4 && lieTogether && threshold === undefined;
  }

  add(part: SlabPart): void {
    const { scores, runs } = part;
    const [{ firstElement } = { firstElement: 0 }] = runs;
    const inBytes = firstElement % 8 === 0 && scores.length % 8 === 0;
    if (this.isPlainTwoOfFour && inBytes && scores instanceof Float32Array) {
      const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
      maskTwoOfFour(this.mask, firstElement / 8, bits, this.tally);
    } else this.addFlagged(part);
  }

  private addFlagged({ scores, inner, runs }: SlabPart): void {
    const { keep, group, threshold } = this.groups;
    if (this.scratch.length < scores.length) this.scratch = new Uint8Array(scores.length);
    const flags = this.scratch.subarray(0, scores.length);
    flagGroups(flags, scores, { keep, group, inner });
    if (threshold !== undefined) keepAbove(flags, scores, threshold);
    tallyFlagsInPlace(this.tally, flags, scores);
    let at = 0;
    for (const { firstElement, length } of runs) {
      const run = { firstElement, flatIndexOf: this.scored.flatIndexOf };
      setFlagBits(this.mask, flags.subarray(at, at + length), run);
      at += length;
    }
  }
}
