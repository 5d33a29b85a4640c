import type { Recipe } from '../../src/core/recipe/recipe';
import type { LayerView, ModelView, TensorStatisticsView } from '../../src/protocol/views';
import { isListed, type LayerStatus } from '../prediction/layerStatus';
import { hasOwnTarget, type LayerPrediction, type Prediction } from '../prediction/predictPlan';
import { memoizeLast } from './memoize';
import { currentRecipe, type PanelState, type ViewState } from './panelState';
import { selectPrediction } from './selectPrediction';
import { selectStatuses } from './selectStatuses';

/** One row of the list of layers, with everything that is known of it. */
export interface LayerRow {
  readonly layer: LayerView;
  /** The layer's place in the file, from 0. */
  readonly index: number;
  readonly status: LayerStatus;
  readonly statistics: TensorStatisticsView | null;
  /** null where the layer is not pruned, or not yet known. */
  readonly predicted: LayerPrediction | null;
  /** The layer has a target of its own. */
  readonly overridden: boolean;
}

/** The rows in the order and under the filter that the user chose. */
export function selectRows(state: PanelState): readonly LayerRow[] {
  const { sort, filter } = state.view;
  return arrangeRows(selectAllRows(state), sort, filter);
}

/** All listed layers in the file's order. */
export function selectAllRows(state: PanelState): readonly LayerRow[] {
  const recipe = currentRecipe(state);
  if (state.model === null || recipe === null) return [];
  return makeRows(state.model, recipe, state.statistics, selectPrediction(state));
}

/** The row of the selected layer. */
export function selectSelectedRow(state: PanelState): LayerRow | null {
  return selectAllRows(state).find((row) => row.layer.name === state.view.selected) ?? null;
}

const makeRows = memoizeLast(
  (
    model: ModelView,
    recipe: Recipe,
    statistics: ReadonlyMap<string, TensorStatisticsView>,
    prediction: Prediction | null,
  ): readonly LayerRow[] => {
    const statuses = selectStatuses(model, recipe);
    return model.layers.filter(isListed).map((layer, index) => {
      const status = statuses.get(layer.name) ?? { kind: 'never', reason: layer.lockedBy };
      const isPruned = status.kind === 'pruned';
      const tensor = layer.weight?.name ?? '';
      return {
        layer,
        index,
        status,
        statistics: statistics.get(tensor) ?? null,
        predicted: (isPruned && prediction?.layers.get(tensor)) || null,
        overridden: isPruned && hasOwnTarget(recipe.layers[layer.name]),
      };
    });
  },
);

const arrangeRows = memoizeLast(
  (
    rows: readonly LayerRow[],
    sort: ViewState['sort'],
    filter: string | null,
  ): readonly LayerRow[] => {
    const needle = filter?.trim().toLowerCase() ?? '';
    const shown = needle === '' ? rows : rows.filter((row) => matches(row, needle));
    if (sort === null) return shown;
    const sign = sort.descending ? -1 : 1;
    const compare = comparators[sort.column];
    return [...shown].sort((a, b) => sign * compare(a, b) || a.index - b.index);
  },
);

function matches({ layer }: LayerRow, needle: string): boolean {
  return `${layer.name} ${layer.operatorLabel}`.toLowerCase().includes(needle);
}

const byName = new Intl.Collator(undefined, { numeric: true });

const comparators = {
  name: (a: LayerRow, b: LayerRow) => byName.compare(a.layer.name, b.layer.name),
  shape: (a: LayerRow, b: LayerRow) => elements(a) - elements(b),
  sparsity: (a: LayerRow, b: LayerRow) => sparsityAfter(a) - sparsityAfter(b),
  override: (a: LayerRow, b: LayerRow) => Number(a.overridden) - Number(b.overridden),
} as const;

function elements({ layer }: LayerRow): number {
  return layer.weight?.elementCount ?? 0;
}

/** Below every share for layers that are not pruned, so that these stand together. */
function sparsityAfter({ predicted }: LayerRow): number {
  return predicted === null ? -1 : predicted.zerosAfter / Math.max(1, predicted.elementCount);
}
