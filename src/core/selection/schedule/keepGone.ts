import { orderedKey } from '../../kernels/orderedKeys';
import type { Values } from '../../model/decodeValues';
import type { TensorEntry } from '../../model/model';
import type { PlanEntry } from '../../report/plan';
import { lowestOfLayers } from '../lamp/lowestByLamp';
import { withUnitsMasked } from '../maskUnits';
import type { ScoreSource } from '../scoreSource';
import type { ScoreTensor } from '../scoreTensor';

/** Below every score of a unit, also when several are added. */
const GONE_UNIT = -1e300;
/** The key of the lowest float32; keys start above 0. */
const GONE_KEY = orderedKey(-3.4028234663852886e38);
/** Scores of what stays are at least this, also when squared, so that 0 is what is gone. */
const LEAST_FLOAT32 = 2 ** -149;
const LEAST_FLOAT64 = 2 ** -530;

/**
 * The same scores, but what earlier steps of a schedule took ranks below everything else: so it goes first, and
 * a selection of as much or more takes all of it again. Scores of 0 of what stays become the smallest number
 * above; what is added up to scores of units and blocks keeps this order.
 * @param cuts with masks or units; what a threshold on magnitudes took is not known here
 */
export function keepGone(source: ScoreSource, cuts: readonly PlanEntry[]): ScoreSource {
  const earlier = new Map(cuts.map((entry) => [entry.tensor, entry]));
  const scoresOf: ScoreSource['scoresOf'] = (tensors) =>
    source.scoresOf(tensors).map((scored) => {
      const mask = maskOf(scored.tensor, earlier.get(scored.tensor.name));
      return mask === null ? scored : withGone(scored, mask, source.signed);
    });
  return {
    ...source,
    byMagnitude: false,
    scoresOf,
    // Only LAMP shares out: of magnitudes in which what is gone counts as zero.
    sharing:
      source.sharing === null
        ? null
        : {
            lowest: (tensors, target, onChunk) =>
              lowestOfLayers(scoresOf(tensors), target, onChunk),
          },
    unitScoresOf: (tensor, side) => {
      const scores = source.unitScoresOf(tensor, side);
      const units = earlier.get(tensor.name)?.cut.zeroedUnits ?? [];
      return scores === null ? null : scores.then((found) => withGoneUnits(found, units));
    },
    close: () => source.close(),
  };
}

function maskOf(tensor: TensorEntry, entry: PlanEntry | undefined): Uint8Array | null {
  return entry === undefined ? null : (withUnitsMasked(tensor, entry.cut).mask ?? null);
}

function withGone(
  scored: ScoreTensor,
  mask: Uint8Array,
  signed: ScoreSource['signed'],
): ScoreTensor {
  const { flatIndexOf } = scored;
  const lowered = (scores: Values, firstElement: number): Values => {
    const lowest = lowestOf(scores, signed);
    const copy = scores.slice();
    for (const [i, score] of scores.entries()) {
      const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
      const isGone = (((mask[index >>> 3] ?? 0) >>> (index & 7)) & 1) === 1;
      if (isGone) copy[i] = lowest.gone;
      else if (Math.abs(score) < lowest.kept) copy[i] = lowest.kept;
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

function lowestOf(
  scores: Values,
  signed: ScoreSource['signed'],
): { readonly gone: number; readonly kept: number } {
  if (signed !== null) return { gone: GONE_KEY, kept: 0 };
  return { gone: 0, kept: scores instanceof Float32Array ? LEAST_FLOAT32 : LEAST_FLOAT64 };
}

function withGoneUnits(scores: Float64Array, units: readonly number[]): Float64Array {
  const copy = scores.slice();
  for (const unit of units) copy[unit] = GONE_UNIT;
  return copy;
}
