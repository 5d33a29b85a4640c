import { ranksOf } from '../../criteria/criterion';
import { UsageError } from '../../errors';
import { describeJson } from '../../formats/parseJson';
import type { Recipe } from '../../recipe/recipe';
import { isOfUnits, parseGranularity } from '../granularity';

/**
 * That the ways in which a recipe shares out what goes fit together:
 *
 * - An allocation shares out a total: a sparsity, multiply-accumulates or bytes; thresholds and q of `std` say
 *   what goes in each layer, so nothing is left to be shared out.
 * - `uniform` is what scope `layer` does; the other allocations look at the whole model, so they take scope
 *   `global`.
 * - q of `std` measures weights in standard deviations of weights, so it goes with magnitude and single weights.
 * - A criterion that ranks units says nothing of single weights, also not in a layer with a granularity of its own.
 * - N of M is a share of its own in every layer: neither a total nor a maximum can change it.
 *
 * @throws UsageError naming both fields.
 */
export function assertMethod(recipe: Recipe): void {
  const contradiction =
    ofAllocation(recipe) ?? ofDeviations(recipe) ?? ofPattern(recipe) ?? ofLayers(recipe);
  if (contradiction !== null) throw new UsageError(contradiction);
}

function ofAllocation({ allocation, scope, threshold, stdFactor }: Recipe): string | null {
  if (allocation === undefined) return null;
  const perLayer = threshold === undefined ? 'stdFactor' : 'threshold';
  if (threshold !== undefined || stdFactor !== undefined) {
    return `allocation ${allocation}: found it with ${perLayer}, which says itself what each layer loses; allowed: sparsity, macs or maxBytes`;
  }
  if (scope === 'global' || allocation === 'uniform') return null;
  return `allocation ${allocation}: found it with scope layer, where every layer loses the same share; allowed: scope global, or allocation uniform`;
}

function ofDeviations({ stdFactor, criterion, granularity }: Recipe): string | null {
  if (stdFactor === undefined) return null;
  if (criterion !== 'magnitude') {
    return `stdFactor: found it with criterion ${criterion}, but it is in standard deviations of the weights; allowed: magnitude`;
  }
  return granularity === 'weight'
    ? null
    : `stdFactor: found it with granularity ${granularity}, but it is a threshold on single weights; allowed: weight`;
}

const TOTALS = ['macs', 'maxBytes', 'stdFactor', 'allocation', 'maxLayerSparsity'] as const;

function ofPattern(recipe: Recipe): string | null {
  const parts = parseGranularity(recipe.granularity);
  if (parts?.kind !== 'n:m') return null;
  const set = TOTALS.find((field) => recipe[field] !== undefined);
  return set === undefined
    ? null
    : `${set}: found it with granularity ${recipe.granularity}, which takes ${parts.group - parts.keep} of every ${parts.group} weights by itself; allowed: weight, block:RxC, unit, unit:input, head`;
}

function ofLayers({ criterion, options, layers }: Recipe): string | null {
  if (ranksOf(criterion, options) === 'weights') return null;
  for (const [layer, { granularity }] of Object.entries(layers)) {
    if (granularity === undefined || isOfUnits(granularity)) continue;
    return `layers[${describeJson(layer)}]: found granularity ${granularity} with criterion ${criterion}, which ranks whole units; allowed: unit, unit:input, head`;
  }
  return null;
}
