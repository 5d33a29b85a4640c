import type { Recipe } from '../../src/core/recipe/recipe';
import type { Plan, PlanEntry } from '../../src/core/report/plan';
import type { ModelView, TensorStatisticsView } from '../../src/protocol/views';
import { isByMagnitude, isPredictable } from '../prediction/predictable';
import type { LayerStatus } from '../prediction/layerStatus';
import { magnitudeTableOf, type MagnitudeTable } from '../prediction/magnitudeTable';
import {
  predictPlan,
  type LayerPrediction,
  type PredictableLayer,
  type Prediction,
} from '../prediction/predictPlan';
import { memoizeLast } from './memoize';
import { currentRecipe, isRecipeSettled, type PanelState } from './panelState';
import { selectStatuses } from './selectStatuses';

/**
 * What the plan as it is seen does: the host's exact plan when it is of this recipe, and until then
 * the prediction from the statistics. null before there is a model and a recipe.
 */
export function selectPrediction(state: PanelState): Prediction | null {
  const recipe = currentRecipe(state);
  if (state.model === null || recipe === null) return null;
  const exact = isPlanExact(state) ? (state.plan?.plan ?? null) : null;
  if (exact !== null) return exactPrediction(exact, recipe);
  return isPredictable(recipe)
    ? predictLocally(state.model, recipe, state.statistics)
    : NOTHING_KNOWN;
}

/** Until the worker has planned: other scores than |w| are not known here. */
const NOTHING_KNOWN: Prediction = { layers: new Map(), totals: null, commonThreshold: null };

/** Whether the host's plan is of the recipe as it is seen. */
export function isPlanExact(state: PanelState): boolean {
  return isRecipeSettled(state) && state.plan?.revision === state.recipe?.revision;
}

const predictLocally = memoizeLast(
  (
    model: ModelView,
    recipe: Recipe,
    statistics: ReadonlyMap<string, TensorStatisticsView>,
  ): Prediction => predictPlan(predictableLayers(model, recipe, statistics), recipe),
);

function predictableLayers(
  model: ModelView,
  recipe: Recipe,
  statistics: ReadonlyMap<string, TensorStatisticsView>,
): readonly PredictableLayer[] {
  const layers = plannedTensors(model, selectStatuses(model, recipe, null), statistics);
  return layers.map(({ layer, tensor, table }) => {
    return { tensor, table, setting: recipe.layers[layer] };
  });
}

interface PlannedTensor {
  readonly layer: string;
  readonly tensor: string;
  readonly table: MagnitudeTable | null;
}

/** The tensors of the plan: one that several layers share counts once, with the first of them. */
const plannedTensors = memoizeLast(
  (
    model: ModelView,
    statuses: ReadonlyMap<string, LayerStatus>,
    statistics: ReadonlyMap<string, TensorStatisticsView>,
  ): readonly PlannedTensor[] => {
    const planned = new Map<string, PlannedTensor>();
    for (const { name, weight } of model.layers) {
      const isPruned = statuses.get(name)?.kind === 'pruned';
      if (weight === null || !isPruned || planned.has(weight.name)) continue;
      const table = magnitudeTableOf(weight.elementCount, statistics.get(weight.name));
      planned.set(weight.name, { layer: name, tensor: weight.name, table });
    }
    return [...planned.values()];
  },
);

/** The largest score of what goes. */
function scoreThreshold({ threshold, cut }: PlanEntry): number | null {
  return threshold === undefined ? cut.threshold : threshold;
}

const exactPrediction = memoizeLast((plan: Plan, recipe: Recipe): Prediction => {
  const layers = new Map<string, LayerPrediction>();
  for (const entry of plan.entries) {
    const byMagnitude = isByMagnitude(recipe, recipe.layers[entry.layer]);
    layers.set(entry.tensor, {
      elementCount: entry.elementCount,
      zerosBefore: entry.zerosBefore,
      zerosAfter: entry.zerosAfter,
      threshold: byMagnitude ? entry.cut.threshold : scoreThreshold(entry),
      byMagnitude,
      overridden: entry.overridden,
      zeroedUnits: entry.cut.zeroedUnits.length,
    });
  }
  const zerosBefore = plan.entries.reduce((sum, entry) => sum + entry.zerosBefore, 0);
  const { elementCount, zeros } = plan.totals;
  return {
    layers,
    totals: { elementCount, zerosBefore, zeros },
    commonThreshold: plan.globalThreshold ?? recipe.threshold ?? null,
  };
});
