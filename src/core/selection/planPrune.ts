import { UnsupportedError } from '../errors';
import { overrideUnits } from '../graph/overrideUnits';
import { unwritableReason } from '../model/lockUnwritableLayers';
import { type Model, parameterCount, tensorNamed } from '../model/model';
import { type JobControl, throwIfCancelled } from '../progress';
import type { Recipe } from '../recipe/recipe';
import type { Plan, PlanEntry, TensorCut } from '../report/plan';
import { prunableTensors, type PrunedTensor, unmatchedGlobs } from './prunableTensors';
import { type PlanScoring, withoutNetwork } from './planScoring';
import { roundHalfEven } from './roundHalfEven';
import { scoreMask, tallyMask } from './scoreMask';
import { openScores, type ScoreSource } from './scoreSource';
import type { OnChunk, TensorSelection } from './selection';
import { selectSmallest } from './selectSmallest';
import { selectUpTo } from './selectUpTo';
import { cutUnits } from './unitThreshold';

/** What one tensor loses by its scores. */
interface Selected extends TensorSelection {
  readonly pruned: PrunedTensor;
  readonly threshold: number | null;
}

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

/** Everything that making a plan needs. */
interface PlanJob {
  readonly model: Model;
  readonly recipe: Recipe;
  readonly source: ScoreSource;
  readonly onChunk: OnChunk;
}

function factsOf({ facts }: ScoreSource): Pick<Plan, 'scored'> {
  return facts === null ? {} : { scored: facts };
}

async function planByScores(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  earlier: readonly string[],
): Promise<Plan> {
  const { model, recipe } = job;
  const warnings = [...earlier];
  const { selected, globalThreshold, shortBy } = await new Selector(job).select(tensors);
  if (shortBy > 0) warnings.push(clampedWarning(shortBy));
  const entries: PlanEntry[] = [];
  for (const one of selected) entries.push(await planEntry(job, one));
  warnings.push(
    ...emptiedWarnings(entries),
    ...nonFiniteWarnings(entries),
    ...unitWarnings(model, recipe, selected),
  );
  return { entries, totals: totalsOf(model, entries), globalThreshold, warnings };
}

interface SelectionResult {
  readonly selected: readonly Selected[];
  readonly globalThreshold: number | null;
  /** Weights that the target asks for beyond what can be pruned. */
  readonly shortBy: number;
}

class Selector {
  private readonly recipe: Recipe;
  private readonly source: ScoreSource;
  private readonly onChunk: OnChunk;

  constructor({ recipe, source, onChunk }: PlanJob) {
    this.recipe = recipe;
    this.source = source;
    this.onChunk = onChunk;
  }

  async select(tensors: readonly PrunedTensor[]): Promise<SelectionResult> {
    const bySparsity = this.recipe.threshold === undefined;
    const pooled = bySparsity && this.recipe.scope === 'global';
    const own = tensors.filter((one) => !pooled || hasOwnTarget(one));
    const selectedAlone = new Map<PrunedTensor, Selected>();
    for (const one of own) selectedAlone.set(one, await this.selectAlone(one));
    const pool = tensors.filter((one) => !selectedAlone.has(one));
    const wanted = roundHalfEven((this.recipe.sparsity ?? 0) * elementsOf(tensors));
    const given = [...selectedAlone.values()].reduce((sum, one) => sum + one.selectedCount, 0);
    const result = await this.selectPool(pool, pooled ? Math.max(0, wanted - given) : 0);
    const found = new Map(selectedAlone);
    for (const one of result.selected) found.set(one.pruned, one);
    const selected = tensors.flatMap((one) => found.get(one) ?? []);
    const taken = selected.reduce((sum, one) => sum + one.selectedCount, 0);
    const shortBy = pooled ? Math.max(0, wanted - taken) : 0;
    return { selected, globalThreshold: result.globalThreshold, shortBy };
  }

  private async selectAlone(one: PrunedTensor): Promise<Selected> {
    const scores = this.source.scoresOf([one.tensor]);
    const threshold = thresholdFor(one, this.recipe);
    const k = roundHalfEven(sparsityFor(one, this.recipe) * one.tensor.elementCount);
    const selection =
      threshold === undefined
        ? await selectSmallest(scores, k, this.onChunk)
        : await selectUpTo(scores, threshold, this.onChunk);
    const [taken] = selection.tensors;
    if (taken === undefined) throw new Error('a selection left out its only tensor');
    return { pruned: one, threshold: selection.threshold, ...taken };
  }

  private async selectPool(
    pool: readonly PrunedTensor[],
    k: number,
  ): Promise<Omit<SelectionResult, 'shortBy'>> {
    if (pool.length === 0) return { selected: [], globalThreshold: null };
    const scores = this.source.scoresOf(pool.map(({ tensor }) => tensor));
    const { threshold, tensors } = await selectSmallest(scores, k, this.onChunk);
    const selected = pool.flatMap((pruned, i) => {
      const taken = tensors[i];
      return taken === undefined ? [] : [{ pruned, threshold, ...taken }];
    });
    return { selected, globalThreshold: threshold };
  }
}

function hasOwnTarget({ setting }: PrunedTensor): boolean {
  return setting.sparsity !== undefined || setting.threshold !== undefined;
}

function thresholdFor({ setting }: PrunedTensor, recipe: Recipe): number | undefined {
  if (setting.threshold !== undefined) return setting.threshold;
  return setting.sparsity === undefined ? recipe.threshold : undefined;
}

function sparsityFor({ setting }: PrunedTensor, recipe: Recipe): number {
  return setting.sparsity ?? recipe.sparsity ?? 0;
}

function elementsOf(tensors: readonly PrunedTensor[]): number {
  return tensors.reduce((sum, { tensor }) => sum + tensor.elementCount, 0);
}

async function planEntry(job: PlanJob, selected: Selected): Promise<PlanEntry> {
  const { model, recipe, onChunk } = job;
  const { pruned } = selected;
  const taken = await cutByScore(job, selected);
  const alpha =
    pruned.setting.unitThreshold === undefined
      ? recipe.unitThreshold
      : pruned.setting.unitThreshold;
  const units =
    alpha === undefined || alpha === null || unitsLockedBecause(model, pruned) !== null
      ? {}
      : await cutUnits(model, pruned, { cut: taken.cut, alpha, onChunk });
  return {
    layer: pruned.layer.name,
    tensor: pruned.tensor.name,
    bias: pruned.layer.bias ?? null,
    criterion: recipe.criterion,
    elementCount: pruned.tensor.elementCount,
    overridden: Object.keys(pruned.setting).some((field) => field !== 'unitAxis'),
    ...taken,
    ...units,
  };
}

/** What goes by its score, with the counts. A threshold that takes nothing is still the plan's, for display. */
async function cutByScore(
  { model, source, onChunk }: PlanJob,
  { pruned, threshold, tieLimit, selectedCount, zeros, nonFinite }: Selected,
): Promise<Pick<PlanEntry, 'cut' | 'zerosBefore' | 'zerosAfter' | 'nonFinite'>> {
  const cut: TensorCut = { threshold, tieLimit, unitMap: null, zeroedUnits: [] };
  if (source.byMagnitude) {
    // Zeros have the lowest score, so either all of them are among the selected or only they are.
    const zerosAfter = Math.max(zeros, selectedCount);
    return { cut, zerosBefore: zeros, zerosAfter, nonFinite };
  }
  const [scored] = source.scoresOf([pruned.tensor]);
  if (scored === undefined) throw new Error(`${pruned.tensor.name} has no scores`);
  const mask = await scoreMask(scored, { threshold, tieLimit }, onChunk);
  const tally = await tallyMask(model, pruned.tensor, mask, onChunk);
  return {
    cut: { ...cut, mask },
    zerosBefore: tally.zeros,
    zerosAfter: tally.zerosAfter,
    nonFinite: tally.nonFinite,
  };
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

function clampedWarning(shortBy: number): string {
  return `the target asks for ${shortBy} more weights than the unlocked layers and the layers' own settings allow`;
}

/** A layer without a weight passes on nothing but its bias: the network is cut there. */
function emptiedWarnings(entries: readonly PlanEntry[]): string[] {
  return entries
    .filter((entry) => entry.elementCount > 0 && entry.zerosAfter === entry.elementCount)
    .map((entry) => `${entry.layer}: no weight would be left`);
}

function nonFiniteWarnings(entries: readonly PlanEntry[]): string[] {
  return entries
    .filter((entry) => entry.nonFinite > 0)
    .map(
      (entry) =>
        `${entry.tensor}: ${entry.nonFinite} NaN or infinite weights, which are never pruned`,
    );
}

function unitWarnings(model: Model, recipe: Recipe, selected: readonly Selected[]): string[] {
  if (recipe.unitThreshold === undefined) return [];
  return selected.flatMap(({ pruned }) => {
    const reason = unitsLockedBecause(model, pruned);
    return reason === null
      ? []
      : [`${pruned.layer.name}: the unit threshold does not apply, ${reason}`];
  });
}

/** Why a layer's units cannot go as a whole; null where they can. */
function unitsLockedBecause(model: Model, { layer }: PrunedTensor): string | null {
  if (layer.unitAxis === null) return 'its unit axis is not known';
  if (layer.bias === undefined) return null;
  const reason = unwritableReason(model, tensorNamed(model, layer.bias));
  return reason === null ? null : `its bias cannot be zeroed in place (${reason})`;
}
