import type { ModelView, TensorStatisticsView } from '../../src/protocol/views';
import type { Prediction } from '../prediction/predictPlan';
import { memoizeLast } from './memoize';
import type { PanelState } from './panelState';
import { selectPrediction } from './selectPrediction';
import { selectListed, type ListedLayer } from './selectRows';

/** Figures of the whole model under the plan. */
export interface PlanFigures {
  /** Weights that the plan concerns. */
  readonly elementCount: number;
  /** Weights that become zero. */
  readonly zeroed: number;
  /** Zeros among these weights before and after. */
  readonly zerosBefore: number;
  readonly zerosAfter: number;
  /** Share of zeros among all parameters of the model; null while some are not yet counted. */
  readonly modelSparsity: { readonly before: number; readonly after: number } | null;
  /** Layers that lose a weight. */
  readonly layerCount: number;
  /** Units zeroed as a whole; null where only the exact plan can say. */
  readonly zeroedUnits: number | null;
}

/** The figures of the plan as it is seen; null while statistics are missing. */
export function selectFigures(state: PanelState): PlanFigures | null {
  const prediction = selectPrediction(state);
  if (state.model === null || prediction === null) return null;
  return makeFigures(prediction, state.model, state.statistics);
}

/** The share of the weights in the plan that it leaves at zero; half of them while that is not known. */
export function presentSparsity(state: PanelState): number {
  const figures = selectFigures(state);
  return figures === null ? 0.5 : figures.zerosAfter / Math.max(1, figures.elementCount);
}

const makeFigures = memoizeLast(
  (
    prediction: Prediction,
    model: ModelView,
    statistics: ReadonlyMap<string, TensorStatisticsView>,
  ): PlanFigures | null => {
    const { totals, layers } = prediction;
    if (totals === null) return null;
    const zeroed = totals.zeros - totals.zerosBefore;
    const zeros = parameterZeros(model, statistics);
    const share = (count: number) => count / Math.max(1, model.parameterCount);
    const changed = [...layers.values()].filter(
      ({ zerosAfter, zerosBefore }) => zerosAfter > zerosBefore,
    );
    return {
      elementCount: totals.elementCount,
      zeroed,
      zerosBefore: totals.zerosBefore,
      zerosAfter: totals.zeros,
      modelSparsity: zeros === null ? null : { before: share(zeros), after: share(zeros + zeroed) },
      layerCount: changed.length,
      zeroedUnits: unitsOf(prediction),
    };
  },
);

const parameterZeros = memoizeLast(
  (model: ModelView, statistics: ReadonlyMap<string, TensorStatisticsView>): number | null => {
    let zeros = 0;
    for (const { name, role } of model.tensors) {
      if (role !== 'parameter') continue;
      const view = statistics.get(name);
      if (view === undefined) return null;
      zeros += view.statistics.zeros;
    }
    return zeros;
  },
);

function unitsOf(prediction: Prediction): number | null {
  let units = 0;
  for (const { zeroedUnits } of prediction.layers.values()) {
    if (zeroedUnits === null) return null;
    units += zeroedUnits;
  }
  return units;
}

/** How many of the listed layers the plan concerns, and how many are read. */
export interface LayerCounts {
  readonly listed: number;
  readonly pruned: number;
  readonly prunable: number;
  /** Left out by the user. */
  readonly locked: number;
  readonly read: number;
}

/** The counts of the list's title and of the header. */
export function selectLayerCounts(state: PanelState): LayerCounts {
  return countLayers(selectListed(state));
}

const countLayers = memoizeLast((layers: readonly ListedLayer[]): LayerCounts => {
  const counts = { listed: layers.length, pruned: 0, prunable: 0, locked: 0, read: 0 };
  for (const { status, statistics } of layers) {
    if (statistics !== null) counts.read++;
    if (status.kind === 'never') continue;
    counts.prunable++;
    if (status.kind === 'pruned') counts.pruned++;
    else if (status.kind !== 'end') counts.locked++;
  }
  return counts;
});
