import { BoundError } from '../../errors';
import { mostOf } from '../allocation/layerMaximum';
import { selectAllocated } from '../allocation/selectAllocated';
import type { AllocationJob } from '../allocation/allocationJob';
import { settleTargets } from '../allocation/settleTargets';
import { planEntry } from '../planEntry';
import { elementsOf, type PrunedTensor } from '../prunableTensors';
import type { SelectionResult } from '../selected';
import type { PlanEntry } from '../../report/plan';
import type { Recipe } from '../../recipe/recipe';
import { roundHalfEven } from '../roundHalfEven';
import { type Remainder, remainderOf } from './remainder';
import { estimateCount } from './estimateCount';
import { smallestCount } from './smallestCount';

/** What goes, and what each tensor becomes by it. */
export interface PlannedCuts {
  readonly selection: SelectionResult;
  readonly entries: readonly PlanEntry[];
}

/**
 * Selects by the recipe's target. For multiply-accumulates and bytes that is the smallest sparsity, counted in
 * single weights, after which no more than asked for is left: one weight less would leave more.
 * @throws BoundError where even a model without prunable weights has more left.
 */
export async function planToTarget(
  job: AllocationJob,
  tensors: readonly PrunedTensor[],
): Promise<PlannedCuts> {
  const remainder = remainderOf(job.model, job.recipe, tensors);
  if (remainder === null) return planCuts(job, tensors);
  return new TargetSearch(job, tensors, remainder).find();
}

async function planCuts(
  job: AllocationJob,
  tensors: readonly PrunedTensor[],
): Promise<PlannedCuts> {
  const selection = await selectAllocated(job, tensors);
  const entries: PlanEntry[] = [];
  for (const one of selection.selected) entries.push(await planEntry(job, one));
  return { selection, entries };
}

class TargetSearch {
  private readonly elementCount: number;
  /** The last plan that left little enough. */
  private best: { readonly count: number; readonly planned: PlannedCuts } | null = null;

  constructor(
    private readonly job: AllocationJob,
    private readonly tensors: readonly PrunedTensor[],
    private readonly remainder: Remainder,
  ) {
    this.elementCount = elementsOf(tensors);
  }

  async find(): Promise<PlannedCuts> {
    const { wanted, name } = this.remainder;
    const count = await smallestCount({
      most: this.elementCount,
      guess: await this.guess(),
      leftAt: (one) => this.leftAt(one),
      wanted,
    });
    if (count === null || this.best === null) {
      const least = this.remainder.left(this.tensors.map(({ tensor }) => tensor.elementCount));
      throw new BoundError(
        `${name}: at most ${wanted} are to be left, but the method leaves ${await this.leftAt(this.elementCount)} at the least; all prunable weights together account for ${this.remainder.whole - least} of ${this.remainder.whole}. Nothing was kept.`,
      );
    }
    return this.best.planned;
  }

  private async leftAt(count: number): Promise<number> {
    const planned = await planCuts({ ...this.job, recipe: this.recipeOf(count) }, this.tensors);
    const zeros = new Map(planned.entries.map((entry) => [entry.tensor, entry.zerosAfter]));
    const left = this.remainder.left(this.tensors.map(({ tensor }) => zeros.get(tensor.name) ?? 0));
    const isBetter = this.best === null || count < this.best.count;
    if (left <= this.remainder.wanted && isBetter) this.best = { count, planned };
    return left;
  }

  /** The recipe by which so many weights go. */
  private recipeOf(count: number): Recipe & { readonly sparsity: number } {
    // Tensors without elements have no share that goes.
    return { ...this.job.recipe, sparsity: count / Math.max(1, this.elementCount) };
  }

  /**
   * Exact where single weights are ranked over the whole model, and where layers get counts by a formula and hold no
   * zeros yet; else by a straight line between all and nothing.
   */
  private async guess(): Promise<number> {
    const { recipe, source } = this.job;
    const isPlain =
      recipe.granularity === 'weight' &&
      this.tensors.every(({ setting }) =>
        [setting.sparsity, setting.threshold, setting.granularity].every(
          (one) => one === undefined,
        ),
      );
    if (!isPlain) return this.guessByLine();
    if (hasFormula(recipe)) return this.guessByCounts();
    const isOnePool = recipe.allocation === undefined && source.sharing === null;
    return isOnePool ? this.guessByScores() : this.guessByLine();
  }

  private guessByScores(): Promise<number> {
    const { source, onChunk } = this.job;
    const scores = source.scoresOf(this.tensors.map(({ tensor }) => tensor));
    const suffices = (counts: readonly number[], zeros: readonly number[]): boolean => {
      const gone = source.byMagnitude
        ? counts.map((count, i) => Math.max(count, zeros[i] ?? 0))
        : counts;
      return this.remainder.left(gone) <= this.remainder.wanted;
    };
    return estimateCount(scores, suffices, onChunk);
  }

  /** Nothing is selected for it. */
  private async guessByCounts(): Promise<number> {
    const found = await smallestCount({
      most: this.elementCount,
      guess: this.guessByLine(),
      leftAt: async (count) => this.remainder.left(await this.countsAt(count)),
      wanted: this.remainder.wanted,
    });
    return found ?? this.elementCount;
  }

  private async countsAt(count: number): Promise<readonly number[]> {
    const recipe = this.recipeOf(count);
    const targets = await settleTargets({ ...this.job, recipe }, this.tensors);
    return this.tensors.map((one) => {
      const target = targets.get(one.tensor.name);
      if (target?.kind === 'count') return target.count;
      const share = roundHalfEven(recipe.sparsity * one.tensor.elementCount);
      return Math.min(mostOf(recipe, one), share);
    });
  }

  private guessByLine(): number {
    const none = this.remainder.left(this.tensors.map(() => 0));
    const all = this.remainder.left(this.tensors.map(({ tensor }) => tensor.elementCount));
    const share = none === all ? 0 : (none - this.remainder.wanted) / (none - all);
    return share * this.elementCount;
  }
}

/** Whether it is known how many weights each layer loses before any is looked at. */
function hasFormula({ allocation, scope }: Recipe): boolean {
  return allocation === undefined ? scope === 'layer' : allocation !== 'lamp';
}
