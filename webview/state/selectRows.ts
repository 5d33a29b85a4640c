import type { Recipe } from '../../src/core/recipe/recipe';
import type { LayerView, ModelView, TensorStatisticsView } from '../../src/protocol/views';
import { isListed, type LayerStatus } from '../prediction/layerStatus';
import { hasOwnTarget, type LayerPrediction, type Prediction } from '../prediction/predictPlan';
import { memoizeLast } from './memoize';
import { currentRecipe, type PanelState, type ViewState } from './panelState';
import { selectPrediction } from './selectPrediction';
import { selectStatuses } from './selectStatuses';

/** A layer in the list, with all that does not change while a threshold is dragged. */
export interface ListedLayer {
  readonly layer: LayerView;
  /** The layer's place in the file, from 0. */
  readonly index: number;
  readonly status: LayerStatus;
  readonly statistics: TensorStatisticsView | null;
}

/** A listed layer with what the plan does to it. Made only for the rows that are drawn. */
export interface LayerRow extends ListedLayer {
  /** null where the layer is not pruned, or not yet known. */
  readonly predicted: LayerPrediction | null;
  /** The layer has a target of its own. */
  readonly overridden: boolean;
}

/** All listed layers in the file's order. */
export function selectListed(state: PanelState): readonly ListedLayer[] {
  const recipe = currentRecipe(state);
  if (state.model === null || recipe === null) return [];
  return listLayers(state.model, selectStatuses(state.model, recipe, state.plan), state.statistics);
}

/** The listed layers in the order and under the filter that the user chose. */
export function selectRows(state: PanelState): readonly ListedLayer[] {
  const { sort, filter } = state.view;
  const recipe = currentRecipe(state);
  // Only these two orders depend on what changes while a threshold is dragged.
  const prediction = sort?.column === 'sparsity' ? selectPrediction(state) : null;
  const settings = sort?.column === 'override' ? (recipe?.layers ?? null) : null;
  return sortLayers(filterLayers(selectListed(state), filter), sort, prediction, settings);
}

/** A listed layer as a row of the list. */
export function rowOf(state: PanelState, listed: ListedLayer): LayerRow {
  const { layer, status } = listed;
  const isPruned = status.kind === 'pruned';
  const prediction = isPruned ? selectPrediction(state) : null;
  return {
    ...listed,
    predicted: predictionOf(listed, prediction),
    overridden: isPruned && hasOwnTarget(currentRecipe(state)?.layers[layer.name]),
  };
}

/** The row of a layer by its name. */
export function selectRow(state: PanelState, name: string | null): LayerRow | null {
  const listed = selectListed(state).find(({ layer }) => layer.name === name);
  return listed === undefined ? null : rowOf(state, listed);
}

const listLayers = memoizeLast(
  (
    { layers }: ModelView,
    statuses: ReadonlyMap<string, LayerStatus>,
    statistics: ReadonlyMap<string, TensorStatisticsView>,
  ): readonly ListedLayer[] =>
    layers.filter(isListed).map((layer, index) => ({
      layer,
      index,
      status: statuses.get(layer.name) ?? { kind: 'never', reason: layer.lockedBy },
      statistics: statistics.get(layer.weight?.name ?? '') ?? null,
    })),
);

const filterLayers = memoizeLast(
  (rows: readonly ListedLayer[], filter: string | null): readonly ListedLayer[] => {
    const needle = filter?.trim().toLowerCase() ?? '';
    return needle === '' ? rows : rows.filter((row) => matches(row, needle));
  },
);

function matches({ layer }: ListedLayer, needle: string): boolean {
  return `${layer.name} ${layer.operatorLabel}`.toLowerCase().includes(needle);
}

const sortLayers = memoizeLast(
  (
    rows: readonly ListedLayer[],
    sort: ViewState['sort'],
    prediction: Prediction | null,
    settings: Recipe['layers'] | null,
  ): readonly ListedLayer[] => {
    if (sort === null) return rows;
    const sign = sort.descending ? -1 : 1;
    const compare = comparators(prediction, settings)[sort.column];
    return [...rows].sort((a, b) => sign * compare(a, b) || a.index - b.index);
  },
);

const byName = new Intl.Collator(undefined, { numeric: true });

type Compare = (a: ListedLayer, b: ListedLayer) => number;

function comparators(
  prediction: Prediction | null,
  settings: Recipe['layers'] | null,
): Readonly<Record<NonNullable<ViewState['sort']>['column'], Compare>> {
  const by = (value: (row: ListedLayer) => number): Compare => {
    return (a, b) => value(a) - value(b);
  };
  return {
    name: (a, b) => byName.compare(a.layer.name, b.layer.name),
    shape: by(({ layer }) => layer.weight?.elementCount ?? 0),
    sparsity: by((row) => sparsityAfter(predictionOf(row, prediction))),
    override: by(({ layer }) => Number(hasOwnTarget(settings?.[layer.name]))),
  };
}

function predictionOf(
  { layer, status }: ListedLayer,
  prediction: Prediction | null,
): LayerPrediction | null {
  if (status.kind !== 'pruned' || layer.weight === null) return null;
  return prediction?.layers.get(layer.weight.name) ?? null;
}

/** Below every share for layers that are not pruned, so that these stand together. */
function sparsityAfter(predicted: LayerPrediction | null): number {
  return predicted === null ? -1 : predicted.zerosAfter / Math.max(1, predicted.elementCount);
}
