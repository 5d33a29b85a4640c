import { parseGranularity } from '../../src/core/selection/granularity';
import type { Recipe } from '../../src/core/recipe/recipe';
import type { PlanEntry } from '../../src/core/report/plan';
import type { UnitScoresView } from '../../src/protocol/views';
import { memoizeLast } from './memoize';
import { currentRecipe, type PanelState } from './panelState';
import { isPlanExact } from './selectPrediction';
import { type LayerRow, selectRow } from './selectRows';

/** A unit with its score, and whether the plan takes it. */
export interface RankedUnit {
  readonly unit: number;
  /** Larger = keep; null where it is no finite number. */
  readonly score: number | null;
  readonly isPruned: boolean;
}

/** The units of a layer under the plan. */
export interface RankedUnits {
  /** In the order that the user chose: by score, the lowest first, or by unit. */
  readonly units: readonly RankedUnit[];
  /** Of the layer; more than are listed where it has very many. */
  readonly unitCount: number;
  readonly prunedCount: number;
  /** The largest score that goes; null where none goes by its score. */
  readonly threshold: number | null;
}

/** Whether the plan takes whole units of a layer, so that their scores say more than its weights. */
export function losesUnits(state: PanelState, { layer, status }: LayerRow): boolean {
  const recipe = currentRecipe(state);
  if (recipe === null || recipe.mask !== undefined || status.kind !== 'pruned') return false;
  return layer.weight !== null && takesUnits(recipe, layer.name);
}

function takesUnits({ layers, granularity }: Recipe, layer: string): boolean {
  const kind = parseGranularity(layers[layer]?.granularity ?? granularity)?.kind;
  return kind === 'unit' || kind === 'head';
}

/** The tensor whose unit scores the host is to be asked for; null where none is wanted, or it has answered. */
export function selectWantedUnits(state: PanelState): string | null {
  const row = selectRow(state, state.view.selected);
  const tensor = row?.layer.weight?.name;
  if (row === null || tensor === undefined || !isPlanExact(state)) return null;
  if (state.view.page !== 'plan' || !losesUnits(state, row) || entryOf(state, tensor) === null) {
    return null;
  }
  return isAnswered(state, tensor) ? null : tensor;
}

function isAnswered({ units, plan }: PanelState, tensor: string): boolean {
  return units !== null && units.tensor === tensor && units.revision === plan?.revision;
}

/** A layer's units as the plan has them; null while their scores are not known. */
export function selectUnits(state: PanelState, { layer }: LayerRow): RankedUnits | null {
  const tensor = layer.weight?.name ?? '';
  const entry = entryOf(state, tensor);
  const scores = isAnswered(state, tensor) ? (state.units?.units ?? null) : null;
  if (entry === null || scores === null || !isPlanExact(state)) return null;
  return rankUnits(entry, scores, state.view.unitsSorted);
}

/** Whether the host has nothing to say of a layer's units. */
export function areUnitsUnknown(state: PanelState, { layer }: LayerRow): boolean {
  const tensor = layer.weight?.name ?? '';
  if (!isPlanExact(state)) return false;
  return (
    entryOf(state, tensor) === null || (isAnswered(state, tensor) && state.units?.units === null)
  );
}

function entryOf({ plan }: PanelState, tensor: string): PlanEntry | null {
  return plan?.plan.entries.find((entry) => entry.tensor === tensor) ?? null;
}

const rankUnits = memoizeLast(
  (
    entry: PlanEntry,
    { units, scores, unitCount }: UnitScoresView,
    sorted: boolean,
  ): RankedUnits => {
    const pruned = new Set(entry.cut.zeroedUnits);
    const ranked = units.map((unit, place): RankedUnit => {
      return { unit, score: scores[place] ?? null, isPruned: pruned.has(unit) };
    });
    const threshold = entry.threshold === undefined ? entry.cut.threshold : entry.threshold;
    return {
      units: sorted ? ranked.sort(byScore) : ranked,
      unitCount,
      prunedCount: pruned.size,
      threshold,
    };
  },
);

/** What has no score is never pruned, so it comes last. */
function byScore(a: RankedUnit, b: RankedUnit): number {
  const [first, second] = [a.score ?? Infinity, b.score ?? Infinity];
  return first === second ? a.unit - b.unit : first - second;
}
