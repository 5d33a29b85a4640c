import type { LayerSetting, Recipe, Schedule } from '../../recipe/recipe';
import { withoutFields } from '../../recipe/withoutFields';
import { withoutUndefined } from '../../recipe/withoutUndefined';
import { parseGranularity } from '../granularity';
import { roundHalfEven } from '../roundHalfEven';
import { sparsityAt } from './sparsityAt';

/**
 * The recipe of one step of a schedule, in which every target is as far as the step: sparsities as the schedule
 * has them, thresholds and q of `std` as far on their way from 0 (linearly under `exponential`, which needs an
 * end below 1), what is to be left of multiply-accumulates and bytes as one less a sparsity, and of N:M as many
 * of M. Units by their norm, and new weights for those that stay, wait for the last step, which is the recipe
 * itself.
 * @param wholeBytes of the model unpruned
 */
export function recipeAt(recipe: Recipe, step: number, wholeBytes: number): Recipe {
  const { schedule } = recipe;
  if (schedule === undefined || step >= schedule.steps) return recipe;
  const at = (final: number): number => sparsityAt(schedule, step, final);
  const scaled = scaledBy(thresholdShare(schedule, step));
  const { sparsity, threshold, stdFactor, macs, maxBytes, granularity, layers, ...rest } = recipe;
  return {
    ...withoutFields(rest, ['unitThreshold', 'reconstruction']),
    ...withoutUndefined({
      sparsity: sparsity === undefined ? undefined : at(sparsity),
      threshold: scaled(threshold),
      stdFactor: scaled(stdFactor),
      macs: macs === undefined ? undefined : 1 - at(1 - macs),
      maxBytes: maxBytes === undefined ? undefined : bytesAt(maxBytes, wholeBytes, at),
    }),
    ...patternAt(granularity, at),
    layers: layersAt(layers, at, scaled),
  };
}

type Scaled = (threshold: number | undefined) => number | undefined;

function scaledBy(share: number): Scaled {
  return (threshold) => (threshold === undefined ? undefined : share * threshold);
}

function thresholdShare({ kind, steps }: Schedule, step: number): number {
  return sparsityAt({ kind: kind === 'exponential' ? 'linear' : kind, steps }, step, 1);
}

function bytesAt(maxBytes: number, whole: number, at: (final: number) => number): number {
  const gone = Math.max(0, 1 - maxBytes / whole);
  return Math.max(maxBytes, Math.ceil(whole * (1 - at(gone))));
}

/** N:M with as many of M gone as the step has it; single weights and none of them where that is none. */
function patternAt(
  granularity: Recipe['granularity'],
  at: (final: number) => number,
): Pick<Recipe, 'granularity' | 'sparsity'> {
  const parts = parseGranularity(granularity);
  if (parts?.kind !== 'n:m') return { granularity };
  const { keep, group } = parts;
  const gone = roundHalfEven(group * at((group - keep) / group));
  return gone === 0
    ? { granularity: 'weight', sparsity: 0 }
    : { granularity: `${group - gone}:${group}` };
}

function layersAt(
  layers: Recipe['layers'],
  at: (final: number) => number,
  scaled: Scaled,
): Recipe['layers'] {
  const settings = Object.entries(layers).map(([name, setting]): [string, LayerSetting] => {
    const { sparsity, threshold, granularity, ...rest } = setting;
    const targets = withoutUndefined({
      sparsity: sparsity === undefined ? undefined : at(sparsity),
      threshold: scaled(threshold),
    });
    const pattern = granularity === undefined ? {} : patternAt(granularity, at);
    return [name, { ...withoutFields(rest, ['unitThreshold']), ...targets, ...pattern }];
  });
  return Object.fromEntries(settings);
}
