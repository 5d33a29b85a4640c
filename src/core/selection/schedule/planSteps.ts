import { needsData } from '../../criteria/criterion';
import { type Model, tensorNamed } from '../../model/model';
import { type JobControl, throwIfCancelled } from '../../progress';
import type { Recipe } from '../../recipe/recipe';
import type { PlanEntry } from '../../report/plan';
import { packedModelBytes } from '../../report/packedSize';
import type { SensitivityCurve } from '../allocation/sensitivityCounts';
import type { PlanScoring } from '../planScoring';
import { elementsOf, type PrunedTensor } from '../prunableTensors';
import { openScores, type ScoreSource } from '../scoreSource';
import { scoreMask } from '../scoreMask';
import { magnitudeScores } from '../scoreTensor';
import type { OnChunk } from '../selection';
import { type PlannedCuts, planToTarget } from '../targets/planToTarget';
import { editedModel } from './editedModel';
import { keepGone } from './keepGone';
import { recipeAt } from './recipeAt';

/** A model with what is to be done to it. */
export interface ScheduledPlan {
  readonly model: Model;
  readonly recipe: Recipe;
  /** The tensors that it prunes. */
  readonly tensors: readonly PrunedTensor[];
  readonly scoring: PlanScoring;
  readonly control: JobControl;
  /** What goes before anything is selected, and at every step. */
  readonly given: GivenCuts;
}

/** What masks take. */
export interface GivenCuts {
  readonly cuts: readonly PlanEntry[];
  /** The entries with everything that the masks take, whatever the target. */
  apply(entries: readonly PlanEntry[]): Promise<readonly PlanEntry[]>;
}

/** What came of the last step. */
export interface SteppedCuts extends PlannedCuts {
  readonly facts: ScoreSource['facts'];
}

/**
 * Selects in the steps of the recipe's schedule: each scores the network with what went before, takes as much as
 * the schedule has it by then, and all of what is gone stays gone; between two steps the network may recover.
 * As many weights go in the end as without a schedule. Scores by the weights alone are the same at every step
 * unless something recovers: then the last step alone gives what all would.
 * @throws what scoring and selecting throw; CancelledError.
 */
export async function planSteps(plan: ScheduledPlan): Promise<SteppedCuts> {
  const { recipe, scoring, control } = plan;
  const steps = recipe.schedule?.steps ?? 1;
  const isRescored = needsData(recipe.criterion) || scoring.recover !== undefined;
  // Of the network as it is in the file, so the same at every step.
  let measured: Promise<readonly SensitivityCurve[]> | null = null;
  const curves = (): Promise<readonly SensitivityCurve[]> =>
    (measured ??= scoring.sensitivity(control));
  let earlier: Earlier = { cuts: plan.given.cuts, counts: new Map() };
  for (let step = isRescored ? 1 : steps; ; step++) {
    throwIfCancelled(control.signal);
    const part = isRescored ? partOf(control, step, steps) : control;
    const done = await new ScheduleStep({ ...plan, control: part }, step, curves).run(earlier);
    const entries = await plan.given.apply(done.entries);
    if (step >= steps) return { ...done, entries };
    const cuts = await recovered(plan, entries, { step, steps });
    earlier = { cuts, counts: countsOf(done) };
  }
}

/** What earlier steps took: the cuts, and how many weights that was, by tensor. */
interface Earlier {
  readonly cuts: readonly PlanEntry[];
  readonly counts: ReadonlyMap<string, number>;
}

function countsOf({ selection }: PlannedCuts): ReadonlyMap<string, number> {
  return new Map(
    selection.selected.map(({ pruned, selectedCount }) => [pruned.tensor.name, selectedCount]),
  );
}

async function recovered(
  { model, scoring, control }: ScheduledPlan,
  entries: readonly PlanEntry[],
  { step, steps }: { readonly step: number; readonly steps: number },
): Promise<readonly PlanEntry[]> {
  if (scoring.recover === undefined) return entries;
  const onChunk = (): void => throwIfCancelled(control.signal);
  const cuts: PlanEntry[] = [];
  for (const entry of entries) cuts.push(await withMask(model, entry, onChunk));
  return scoring.recover({ cuts, step, steps }, control);
}

/** A threshold says nothing any more once weights have changed. */
async function withMask(model: Model, entry: PlanEntry, onChunk: OnChunk): Promise<PlanEntry> {
  const { cut } = entry;
  if (cut.mask !== undefined || cut.threshold === null) return entry;
  const tensors = model.tensors.filter(({ name }) => name === entry.tensor);
  const [weights] = magnitudeScores(model, tensors);
  if (weights === undefined) return entry;
  return { ...entry, cut: { ...cut, mask: await scoreMask(weights, cut, onChunk) } };
}

/** One of several jobs of equal length as a part of the whole. */
function partOf({ signal, report }: JobControl, step: number, steps: number): JobControl {
  return {
    signal,
    report: ({ phase, done, total, item }) => {
      const share = total === 0 ? 0 : done / total;
      report({
        phase,
        done: step - 1 + share,
        total: steps,
        ...(item === undefined ? {} : { item }),
      });
    },
  };
}

class ScheduleStep {
  private readonly recipe: Recipe;

  constructor(
    private readonly plan: ScheduledPlan,
    step: number,
    private readonly curves: () => Promise<readonly SensitivityCurve[]>,
  ) {
    this.recipe = recipeAt(plan.recipe, step, packedModelBytes(plan.model, []));
  }

  async run({ cuts, counts }: Earlier): Promise<SteppedCuts> {
    const { scoring, control } = this.plan;
    const model = editedModel(this.plan.model, cuts);
    const tensors = this.plan.tensors.map((one) => ({
      ...one,
      tensor: tensorNamed(model, one.tensor.name),
    }));
    const scored = tensors.map(({ tensor }) => tensor);
    const source = await openScores(model, this.recipe, scored, { scoring, control, cuts });
    try {
      const job = {
        model,
        recipe: this.recipe,
        source: cuts.length === 0 ? source : keepGone(source, cuts),
        onChunk: passReporter(tensors, control),
        least: counts,
        curves: this.curves,
      };
      const planned = await planToTarget(job, tensors);
      return { ...withValues(planned, cuts), facts: source.facts };
    } finally {
      await source.close();
    }
  }
}

/** Weights that recovered between the steps stay as they became. */
function withValues(planned: PlannedCuts, earlier: readonly PlanEntry[]): PlannedCuts {
  const values = new Map(earlier.map(({ tensor, cut }) => [tensor, cut.values]));
  const entries = planned.entries.map((entry) => {
    const updated = values.get(entry.tensor);
    return updated === undefined || entry.cut.values !== undefined
      ? entry
      : { ...entry, cut: { ...entry.cut, values: updated } };
  });
  return { ...planned, entries };
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
