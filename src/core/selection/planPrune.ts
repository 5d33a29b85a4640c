import { UnsupportedError } from '../errors';
import { overrideUnits } from '../graph/overrideUnits';
import { type Model, parameterCount } from '../model/model';
import { type JobControl, throwIfCancelled } from '../progress';
import type { Recipe } from '../recipe/recipe';
import type { Plan, PlanEntry } from '../report/plan';
import { planEntry } from './planEntry';
import type { PlanJob } from './planJob';
import { type PlanScoring, withoutNetwork } from './planScoring';
import { planWarnings } from './planWarnings';
import { elementsOf, prunableTensors, type PrunedTensor, unmatchedGlobs } from './prunableTensors';
import { openScores, type ScoreSource } from './scoreSource';
import { selectTensors } from './selectTensors';
import type { OnChunk } from './selection';

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
  const model = overrideUnits(given, recipe);
  const tensors = prunableTensors(model, recipe);
  if (tensors.length === 0) throw nothingToPrune(model);
  const warnings = unmatchedGlobs(model, recipe).map(
    (glob) => `${JSON.stringify(glob)} matches no layer`,
  );
  const scored = tensors.map(({ tensor }) => tensor);
  const source = await openScores(model, recipe, scored, { scoring, control });
  try {
    const job = { model, recipe, source, onChunk: passReporter(tensors, control) };
    return { ...(await planByScores(job, tensors, warnings)), ...factsOf(source) };
  } finally {
    await source.close();
  }
}

async function planByScores(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  earlier: readonly string[],
): Promise<Plan> {
  const selection = await selectTensors(job, tensors);
  const entries: PlanEntry[] = [];
  for (const one of selection.selected) entries.push(await planEntry(job, one));
  return {
    entries,
    totals: totalsOf(job.model, entries),
    globalThreshold: selection.globalThreshold,
    warnings: [...earlier, ...planWarnings(job, selection, entries)],
  };
}

function factsOf({ facts }: ScoreSource): Pick<Plan, 'scored'> {
  return facts === null ? {} : { scored: facts };
}

function totalsOf(model: Model, entries: readonly PlanEntry[]): Plan['totals'] {
  const elementCount = entries.reduce((sum, entry) => sum + entry.elementCount, 0);
  const zeros = entries.reduce((sum, entry) => sum + entry.zerosAfter, 0);
  const parameters = parameterCount(model);
  return {
    elementCount,
    zeros,
    sparsity: elementCount === 0 ? 0 : zeros / elementCount,
    parametersBefore: parameters,
    parametersAfter: parameters,
  };
}

/** The number of passes is not known beforehand: two are usual, and the bar waits at the end for more. */
function passReporter(tensors: readonly PrunedTensor[], control: JobControl): OnChunk {
  const total = 2 * elementsOf(tensors);
  let done = 0;
  return (elementCount) => {
    throwIfCancelled(control.signal);
    done = Math.min(total, done + elementCount);
    control.report({ phase: 'score', done, total });
  };
}

function nothingToPrune(model: Model): UnsupportedError {
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
