import type { LayerSetting, Recipe } from '../../src/core/recipe/recipe';
import { roundHalfEven } from '../../src/core/selection/roundHalfEven';
import {
  countAtMost,
  largestMagnitude,
  magnitudeOfRank,
  rankOf,
  type MagnitudeTable,
} from './magnitudeTable';
import { increasingRoot } from './increasingRoot';

/** A weight tensor that takes part in the plan: its layer is neither locked nor excluded. */
export interface PredictableLayer {
  /** The tensor's name: layers that share one are pruned once. */
  readonly tensor: string;
  /** null while its statistics are on their way. */
  readonly table: MagnitudeTable | null;
  readonly setting: LayerSetting | undefined;
}

/** What a plan does to one layer's weights, predicted or exact. */
export interface LayerPrediction {
  readonly elementCount: number;
  readonly zerosBefore: number;
  readonly zerosAfter: number;
  /** The largest score that goes; null where none does. */
  readonly threshold: number | null;
  /** The score is |w|, so that the threshold can be drawn over the weights. */
  readonly byMagnitude: boolean;
  readonly overridden: boolean;
  /** Units that go as a whole; null where only the exact plan can say. */
  readonly zeroedUnits: number | null;
}

/** What a plan does to the model. */
export interface Prediction {
  /** By the name of the weight tensor. */
  readonly layers: ReadonlyMap<string, LayerPrediction>;
  /** null while the statistics of a layer are missing. */
  readonly totals: PredictedTotals | null;
  /** The threshold that layers without a target of their own share; null where there is none. */
  readonly commonThreshold: number | null;
}

/** Counts over all tensors of the plan. */
export interface PredictedTotals {
  readonly elementCount: number;
  readonly zerosBefore: number;
  readonly zeros: number;
}

type Target = Pick<Recipe, 'scope' | 'sparsity' | 'threshold'>;

interface Cut {
  readonly zeros: number;
  readonly threshold: number | null;
}

/**
 * What the worker will plan, told from the statistics alone, so that dragging needs no round trip:
 * the selection rules of the recipe on tables of |w|. In global scope a layer's own target counts
 * towards the model's. Each count is right to within 1/256 of its layer (and one weight); the total
 * of a sparsity target is exact. Unit thresholds need the weights themselves and are left out.
 */
export function predictPlan(layers: readonly PredictableLayer[], target: Target): Prediction {
  const cuts = new Map<string, Cut>();
  for (const layer of layers) {
    const cut = layer.table === null ? null : ownCut(layer.table, layer.setting);
    if (cut !== null) cuts.set(layer.tensor, cut);
  }
  const followers = layers.filter((layer) => !hasOwnTarget(layer.setting));
  const common = commonThreshold(layers, followers, target, cuts);
  for (const { tensor, table } of followers) {
    const cut = table === null ? null : planCut(table, target, common);
    if (cut !== null) cuts.set(tensor, cut);
  }
  const predicted = new Map<string, LayerPrediction>();
  for (const { tensor, table, setting } of layers) {
    const cut = cuts.get(tensor);
    if (table !== null && cut) predicted.set(tensor, layerPrediction(table, cut, setting));
  }
  return {
    layers: predicted,
    totals: totalsOf(layers, predicted, target),
    commonThreshold: (takesAny(followers, predicted) ? common : null) ?? target.threshold ?? null,
  };
}

/** Whether a layer without a target of its own loses anything; if none does, they share no threshold. */
function takesAny(
  followers: readonly PredictableLayer[],
  predicted: ReadonlyMap<string, LayerPrediction>,
): boolean {
  return followers.some(({ tensor }) => (predicted.get(tensor)?.threshold ?? null) !== null);
}

/** The |w| up to which weights go; null where none goes, or where another score decides. */
export function weightThreshold(predicted: LayerPrediction | null): number | null {
  return predicted?.byMagnitude === true ? predicted.threshold : null;
}

/** Whether the layer has a target of its own; a unit threshold alone is none. */
export function hasOwnTarget(setting: LayerSetting | undefined): boolean {
  return setting?.sparsity !== undefined || setting?.threshold !== undefined;
}

function ownCut(table: MagnitudeTable, setting: LayerSetting | undefined): Cut | null {
  if (setting?.sparsity !== undefined) return cutBySparsity(table, setting.sparsity);
  if (setting?.threshold !== undefined) return cutByThreshold(table, setting.threshold);
  return null;
}

function planCut(table: MagnitudeTable, target: Target, common: number | null): Cut | null {
  if (target.threshold !== undefined) return cutByThreshold(table, target.threshold);
  if (target.scope === 'layer') return cutBySparsity(table, target.sparsity ?? 0);
  if (common !== null) return cutByThreshold(table, common);
  return null;
}

function cutBySparsity(table: MagnitudeTable, sparsity: number): Cut {
  const wanted = Math.min(roundHalfEven(sparsity * table.elementCount), table.finiteCount);
  return { zeros: Math.max(wanted, table.zeros), threshold: magnitudeOfRank(table, wanted) };
}

function cutByThreshold(table: MagnitudeTable, threshold: number): Cut {
  const zeros = Math.max(countAtMost(table, threshold), table.zeros);
  return { zeros, threshold: zeros === 0 ? null : threshold };
}

/** The threshold of a global sparsity: null for other targets, or while a table is missing. */
function commonThreshold(
  layers: readonly PredictableLayer[],
  followers: readonly PredictableLayer[],
  target: Target,
  own: ReadonlyMap<string, Cut>,
): number | null {
  if (target.scope !== 'global' || target.sparsity === undefined) return null;
  const tables = followers.flatMap(({ table }) => (table === null ? [] : [table]));
  if (tables.length < followers.length || layers.some(({ table }) => table === null)) return null;
  let wanted = roundHalfEven(target.sparsity * sumOf(layers, ({ table }) => table?.elementCount));
  for (const { zeros } of own.values()) wanted -= zeros;
  return thresholdForCount(tables, wanted);
}

/** The |w| at or below which about `wanted` elements of all tables lie. */
function thresholdForCount(tables: readonly MagnitudeTable[], wanted: number): number {
  const rank = (threshold: number) => sumOf(tables, (table) => rankOf(table, threshold));
  const high = tables.reduce((most, table) => Math.max(most, largestMagnitude(table)), 0);
  const all = sumOf(tables, (table) => table.finiteCount);
  if (wanted >= all) return high;
  const least = rank(0);
  if (wanted <= least) return 0;
  return increasingRoot((threshold) => rank(threshold) - wanted, {
    low: 0,
    high,
    atLow: least - wanted,
    atHigh: all - wanted,
  });
}

function layerPrediction(
  table: MagnitudeTable,
  cut: Cut,
  setting: LayerSetting | undefined,
): LayerPrediction {
  return {
    elementCount: table.elementCount,
    zerosBefore: table.zeros,
    zerosAfter: cut.zeros,
    threshold: cut.threshold,
    byMagnitude: true,
    overridden: hasOwnTarget(setting),
    zeroedUnits: null,
  };
}

function totalsOf(
  layers: readonly PredictableLayer[],
  predicted: ReadonlyMap<string, LayerPrediction>,
  target: Target,
): PredictedTotals | null {
  if (predicted.size < layers.length) return null;
  const all = [...predicted.values()];
  const elementCount = sumOf(all, (layer) => layer.elementCount);
  const zerosBefore = sumOf(all, (layer) => layer.zerosBefore);
  const zeros = sumOf(all, (layer) => layer.zerosAfter);
  const exact = exactGlobalCount(layers, predicted, target, elementCount);
  return { elementCount, zerosBefore, zeros: exact ?? zeros };
}

/** In global scope the total is the target itself, within what the other layers can give. */
function exactGlobalCount(
  layers: readonly PredictableLayer[],
  predicted: ReadonlyMap<string, LayerPrediction>,
  target: Target,
  elementCount: number,
): number | null {
  if (target.scope !== 'global' || target.sparsity === undefined) return null;
  let least = 0;
  let most = 0;
  for (const { tensor, table, setting } of layers) {
    const own = hasOwnTarget(setting) ? predicted.get(tensor)?.zerosAfter : undefined;
    least += own ?? table?.zeros ?? 0;
    most += own ?? table?.finiteCount ?? 0;
  }
  return Math.min(most, Math.max(least, roundHalfEven(target.sparsity * elementCount)));
}

function sumOf<T>(items: readonly T[], value: (item: T) => number | undefined): number {
  let sum = 0;
  for (const item of items) sum += value(item) ?? 0;
  return sum;
}
