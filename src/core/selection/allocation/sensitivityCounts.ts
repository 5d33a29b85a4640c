import type { AllocatedLayer } from './allocatedLayer';
import { roundToTotal } from './roundToTotal';

/** What pruning one layer alone costs, measured on data. */
export interface SensitivityCurve {
  /** The name of the layer's weight. */
  readonly tensor: string;
  /** At some sparsities of the layer from 0 to 1: the loss less that of the network as it is. */
  readonly points: readonly SensitivityPoint[];
}

export interface SensitivityPoint {
  readonly sparsity: number;
  readonly lossIncrease: number;
}

/** A stretch of a layer's curve on which each weight costs the same. */
interface Stretch {
  readonly layer: number;
  readonly weights: number;
  /** Loss a weight. */
  readonly slope: number;
}

/**
 * Layer budgets from measured curves: such that the sum of what each layer alone costs is smallest. Layers are
 * taken as independent; each curve is replaced by its lower convex hull, and weights are taken from the
 * flattest stretches first (of equal ones, from the first layer), so that all layers end at the same loss a
 * weight: the condition of Lagrange. Beyond the last sparsity measured a curve counts as steeper than any
 * other, and all weights beyond it as alike. The total is exact.
 * Source: Shoham and Gersho, Efficient bit allocation for an arbitrary set of quantizers, 1988, with weights in
 * place of bits.
 * @param curves one a layer, in the layers' order
 */
export function sensitivityCounts(
  layers: readonly AllocatedLayer[],
  curves: readonly SensitivityCurve[],
  total: number,
): readonly number[] {
  const stretches = layers
    .flatMap(({ elementCount }, layer) =>
      stretchesOf(curves[layer]?.points ?? [], { layer, elementCount }),
    )
    .sort((a, b) => a.slope - b.slope || a.layer - b.layer);
  const shares = layers.map(() => 0);
  let left = total;
  for (const group of groupBySlope(stretches)) {
    const available = group.reduce((sum, { weights }) => sum + weights, 0);
    const part = available === 0 ? 0 : Math.min(1, left / available);
    for (const { layer, weights } of group) shares[layer] = (shares[layer] ?? 0) + part * weights;
    left = Math.max(0, left - available);
  }
  const limits = layers.map(({ elementCount }) => elementCount);
  return roundToTotal(shares, limits, total);
}

/** Only what lies beyond all measurements is shared out alike; elsewhere one stretch comes after the other. */
function groupBySlope(stretches: readonly Stretch[]): readonly (readonly Stretch[])[] {
  const measured = stretches.filter(({ slope }) => slope < Infinity).map((one) => [one]);
  return [...measured, stretches.filter(({ slope }) => slope === Infinity)];
}

function stretchesOf(
  points: readonly SensitivityPoint[],
  { layer, elementCount }: { readonly layer: number; readonly elementCount: number },
): Stretch[] {
  const hull = lowerHull(points);
  const last = hull.at(-1)?.sparsity ?? 0;
  const measured = hull.slice(1).map((to, i): Stretch => {
    const from = hull[i] ?? to;
    const weights = (to.sparsity - from.sparsity) * elementCount;
    return { layer, weights, slope: (to.lossIncrease - from.lossIncrease) / weights };
  });
  return [...measured, { layer, weights: (1 - last) * elementCount, slope: Infinity }];
}

/**
 * The lower convex hull of a curve from (0, 0) to its last finite point, by sparsity. Source: Andrew, Another
 * efficient algorithm for convex hulls in two dimensions, 1979.
 */
function lowerHull(points: readonly SensitivityPoint[]): readonly SensitivityPoint[] {
  const sorted = points
    .filter(
      ({ sparsity, lossIncrease }) =>
        sparsity > 0 && sparsity <= 1 && Number.isFinite(lossIncrease),
    )
    .sort((a, b) => a.sparsity - b.sparsity || b.lossIncrease - a.lossIncrease);
  const hull: SensitivityPoint[] = [{ sparsity: 0, lossIncrease: 0 }];
  for (const point of sorted) {
    while (hull.length > 0 && !isBelow(hull, point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

/** Whether the hull's last point lies below the line from the one before it to the next point. */
function isBelow(hull: readonly SensitivityPoint[], next: SensitivityPoint): boolean {
  const [before, last] = hull.slice(-2);
  if (before === undefined || last === undefined) return true;
  const slope = (next.lossIncrease - before.lossIncrease) / (next.sparsity - before.sparsity);
  return last.lossIncrease < before.lossIncrease + slope * (last.sparsity - before.sparsity);
}
