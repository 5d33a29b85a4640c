import { maskBit } from '../../kernels/maskBit';
import { GONE_KEY } from '../../kernels/orderedKeys';
import type { Values } from '../../model/decodeValues';
import type { TensorEntry } from '../../model/model';
import type { PlanEntry } from '../../report/plan';
import { leastKept } from '../goneScores';
import { lowestOfLayers } from '../lamp/lowestByLamp';
import { withUnitsMasked } from '../withUnitsMasked';
import type { ScoreSource } from '../scoreSource';
import type { ScoreTensor } from '../scoreTensor';

/**
 * The same scores, but what earlier steps of a schedule took ranks below everything else: so it goes first, and
 * a selection of as much or more takes all of it again. Scores of 0 of what stays become the smallest number
 * above. In sums over units and blocks both count as 0, and what is gone as a whole goes first.
 * @param cuts with masks or units; what a threshold on magnitudes took is not known here
 */
export function keepGone(source: ScoreSource, cuts: readonly PlanEntry[]): ScoreSource {
  const earlier = new Map(cuts.map((entry) => [entry.tensor, entry]));
  const goneMask = (tensor: TensorEntry): Uint8Array | null => {
    const entry = earlier.get(tensor.name);
    return entry === undefined ? null : (withUnitsMasked(tensor, entry.cut).mask ?? null);
  };
  const scoresOf: ScoreSource['scoresOf'] = (tensors) =>
    source
      .scoresOf(tensors)
      .map((scored) => withGone(scored, goneMask(scored.tensor), source.signed));
  return {
    ...source,
    byMagnitude: false,
    scoresOf,
    goneMask,
    isGone: (ranked) => ranked === goneScore(source.signed),
    // Only LAMP shares out: of magnitudes in which what is gone counts as zero.
    sharing:
      source.sharing === null
        ? null
        : {
            lowest: (tensors, target, onChunk) =>
              lowestOfLayers(scoresOf(tensors), target, onChunk),
          },
    close: () => source.close(),
  };
}

function withGone(
  scored: ScoreTensor,
  mask: Uint8Array | null,
  signed: ScoreSource['signed'],
): ScoreTensor {
  const { flatIndexOf } = scored;
  const lowered = (scores: Values, firstElement: number): Values => {
    const gone = goneScore(signed);
    // Keys of scores that stay are above that of what is gone.
    const least = signed === null ? leastKept(scores instanceof Float64Array) : 0;
    const copy = scores.slice();
    for (const [i, score] of scores.entries()) {
      const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
      if (mask !== null && maskBit(mask, index)) copy[i] = gone;
      else if (Math.abs(score) < least) copy[i] = least;
    }
    return copy;
  };
  return {
    ...scored,
    async read(firstElement, count) {
      return lowered(await scored.read(firstElement, count), firstElement);
    },
    async *chunks() {
      for await (const { firstElement, scores } of scored.chunks()) {
        yield { firstElement, scores: lowered(scores, firstElement) };
      }
    },
  };
}

function goneScore(signed: ScoreSource['signed']): number {
  return signed === null ? 0 : GONE_KEY;
}
