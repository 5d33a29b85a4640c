import type { Recipe } from '../recipe/recipe';
import type { LayerTarget, LayerTargets } from './allocation/layerTarget';
import type { PlanJob } from './planJob';
import { elementsOf, type PrunedTensor } from './prunableTensors';
import { roundHalfEven } from './roundHalfEven';
import type { ScoreSource } from './scoreSource';
import type { OnChunk, TensorSelection } from './selection';
import { selectSmallest } from './selectSmallest';
import { selectUpTo } from './selectUpTo';

/** What one tensor loses by its scores. */
export interface Selected extends TensorSelection {
  readonly pruned: PrunedTensor;
  readonly threshold: number | null;
}

/** What a plan takes from its tensors. */
export interface SelectionResult {
  readonly selected: readonly Selected[];
  readonly globalThreshold: number | null;
  /** Weights that the target asks for beyond what can be pruned. */
  readonly shortBy: number;
}

/** Selects what goes from each tensor, by the recipe's target. */
export async function selectTensors(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
): Promise<SelectionResult> {
  return new Selector(job).select(tensors);
}

class Selector {
  private readonly recipe: Recipe;
  private readonly source: ScoreSource;
  private readonly onChunk: OnChunk;
  private readonly targets: LayerTargets;

  constructor({ recipe, source, onChunk, targets = new Map() }: PlanJob) {
    this.targets = targets;
    this.recipe = recipe;
    this.source = source;
    this.onChunk = onChunk;
  }

  async select(tensors: readonly PrunedTensor[]): Promise<SelectionResult> {
    const bySparsity = this.recipe.threshold === undefined;
    const pooled = bySparsity && this.recipe.scope === 'global';
    const own = tensors.filter((one) => !pooled || this.isAlone(one));
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

  private isAlone({ setting, tensor }: PrunedTensor): boolean {
    if (this.targets.has(tensor.name)) return true;
    return setting.sparsity !== undefined || setting.threshold !== undefined;
  }

  private async selectAlone(one: PrunedTensor): Promise<Selected> {
    const scores = this.source.scoresOf([one.tensor]);
    const target = this.targets.get(one.tensor.name) ?? targetOf(one, this.recipe);
    const selection =
      target.kind === 'count'
        ? await selectSmallest(scores, target.count, this.onChunk)
        : await selectUpTo(scores, target.threshold, this.onChunk);
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

function targetOf({ setting, tensor }: PrunedTensor, recipe: Recipe): LayerTarget {
  const threshold =
    setting.sparsity === undefined ? (setting.threshold ?? recipe.threshold) : setting.threshold;
  if (threshold !== undefined) return { kind: 'threshold', threshold };
  const sparsity = setting.sparsity ?? recipe.sparsity ?? 0;
  return { kind: 'count', count: roundHalfEven(sparsity * tensor.elementCount) };
}
