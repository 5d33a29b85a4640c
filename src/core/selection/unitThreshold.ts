import { addUnitSumsInPlace } from '../kernels/unitNormsKernel';
import { makeValueCut } from '../model/applyCut';
import { decodeScores, makeDecodeScratch } from '../model/decodeValues';
import { unitMapOf } from '../model/elementOrder';
import type { Model } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import type { Recipe } from '../recipe/recipe';
import type { TensorCut, UnitMap } from '../report/plan';
import type { PrunedTensor } from './prunableTensors';
import type { OnChunk } from './selection';

/** The unit threshold of a layer: its own, or the recipe's; null where none takes anything. */
export function alphaOf(recipe: Recipe, { setting }: PrunedTensor): number | null {
  const { unitThreshold = recipe.unitThreshold ?? null } = setting;
  // No norm is below 0.
  return unitThreshold !== null && unitThreshold > 0 ? unitThreshold : null;
}

export interface UnitThresholdOptions {
  /** What the scores take, applied first. */
  readonly cut: TensorCut;
  /** Units whose remaining weights have an L2 norm below this go as a whole. */
  readonly alpha: number;
  readonly onChunk: OnChunk;
}

/**
 * The second step of pruning by two thresholds: after tau has taken single weights, a unit whose
 * remaining incoming weights have an L2 norm below alpha is zeroed with its bias. One pass.
 * A unit with a weight that is NaN or infinite has no such norm and stays; so does a layer's last unit, the one with
 * the largest norm (of equal ones the last), however large alpha is.
 */
export async function cutUnits(
  model: Model,
  { tensor, layer }: PrunedTensor,
  { cut, alpha, onChunk }: UnitThresholdOptions,
): Promise<{ readonly cut: TensorCut; readonly zerosAfter: number }> {
  const unitMap = unitMapOf(tensor, layer.unitAxis ?? 0);
  const sums = {
    sumsOfSquares: new Float64Array(unitMap.count),
    nonZeros: new Float64Array(unitMap.count),
  };
  const applyCut = makeValueCut(tensor, cut);
  const scratch = makeDecodeScratch();
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const values = decodeScores(tensor, bytes, scratch, firstElement);
    applyCut(values, values, firstElement);
    addUnitSumsInPlace(sums, values, { firstElement, inner: unitMap.inner });
    onChunk(values.length);
  }
  const zeroedUnits = weakUnits(sums.sumsOfSquares, alpha);
  return {
    cut: { ...cut, unitMap, zeroedUnits },
    zerosAfter: tensor.elementCount - remaining(sums.nonZeros, zeroedUnits, unitMap),
  };
}

function weakUnits(sumsOfSquares: Float64Array, alpha: number): number[] {
  const units: number[] = [];
  let best = 0;
  for (const [unit, sum] of sumsOfSquares.entries()) {
    if (sum >= (sumsOfSquares[best] ?? 0)) best = unit;
    if (Math.sqrt(sum) < alpha) units.push(unit);
  }
  return units.length === sumsOfSquares.length ? units.filter((unit) => unit !== best) : units;
}

function remaining(nonZeros: Float64Array, zeroedUnits: readonly number[], map: UnitMap): number {
  const gone = new Set(zeroedUnits);
  let count = 0;
  for (let unit = 0; unit < map.count; unit++) if (!gone.has(unit)) count += nonZeros[unit] ?? 0;
  return count;
}
