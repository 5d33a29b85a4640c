import { UnsupportedError } from '../errors';
import { describeJson } from '../formats/parseJson';
import { overrideUnits } from '../graph/overrideUnits';
import type { Model } from '../model/model';
import type { JobControl } from '../progress';
import type { Recipe } from '../recipe/recipe';
import type { Plan } from '../report/plan';
import { assertMethod } from './allocation/assertMethod';
import { type PlanScoring, withoutNetwork } from './planScoring';
import { openMasking } from './masks/openMasking';
import { endWarning } from './endWarning';
import { leaveEnds } from './leaveEnds';
import { planWarnings } from './planWarnings';
import { prunableTensors, unmatchedGlobs } from './prunableTensors';
import { reconstructPlan } from './reconstructPlan';
import { planSteps } from './schedule/planSteps';
import { totalsOf } from './totalsOf';

/**
 * What a recipe would do to a model: exact counts and thresholds, by streaming the weights; nothing
 * is written. In global scope a layer's own setting counts towards the target, so the others give less.
 * @throws UnsupportedError when no layer can be pruned; UsageError; CancelledError.
 */
export async function planPrune(
  given: Model,
  recipe: Recipe,
  control: JobControl,
  scoring: PlanScoring = withoutNetwork,
): Promise<Plan> {
  assertMethod(recipe);
  const model = overrideUnits(given, recipe);
  const prunable = prunableTensors(model, recipe);
  if (prunable.length === 0) throw nothingToPrune(model);
  const { tensors, leftEnds } = leaveEnds(model, recipe, prunable);
  const globs = unmatchedGlobs(model, recipe).map(
    (glob) => `${describeJson(glob)} matches no layer`,
  );
  const masking = await openMasking({ model, recipe, tensors, scoring, control });
  const steps = await planSteps({
    ...{ model, recipe, tensors, scoring, control },
    given: masking,
  });
  const { selection } = steps;
  const { entries, facts } = await reconstructPlan(steps.entries, {
    ...{ model, recipe, scoring, control, selection },
    facts: steps.facts,
  });
  return {
    entries,
    totals: totalsOf(model, entries),
    globalThreshold: selection.globalThreshold,
    warnings: [
      ...globs,
      ...new Set(leftEnds.map(endWarning)),
      ...masking.warnings,
      ...(facts?.notes ?? []),
      ...planWarnings({ model, recipe }, selection, entries),
    ],
    leftEnds,
    ...(facts === null ? {} : { scored: facts }),
  };
}

function nothingToPrune(model: Model): UnsupportedError {
  if (model.packed === true) {
    const found = 'a file that is packed without its zeros';
    return new UnsupportedError({ feature: 'pruning', found, supported: 'unpack it first' });
  }
  const reasons = [...new Set(model.layers.map((layer) => layer.lockedBy ?? 'excluded'))];
  return new UnsupportedError({
    feature: 'pruning',
    found:
      model.layers.length === 0
        ? 'a model without weights'
        : `${model.layers.length} layers of which none can be pruned (${reasons.join(', ')})`,
    supported:
      'weights of rank 2 and above in float64, float32, float16, bfloat16, float8, or in integer codes of which one stands for zero',
  });
}
