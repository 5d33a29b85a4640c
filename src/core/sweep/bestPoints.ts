import type { ModelFigures } from '../evaluation/evaluateMany';
import { type BoundedFigures, brokenBound } from '../recipe/bounds';
import type { Bounds } from '../recipe/recipe';
import type { SweepBest, SweepCurve, SweepPoint } from './sweep';

/** A point of accuracy: what users accept where they say nothing. */
const DEFAULT_ACCURACY_DROP = 0.01;

/** The same for a loss, as a share of the model's own. */
const DEFAULT_LOSS_RISE = 0.05;

/** The bounds that are asked for, or a point of accuracy; where there is none, a twentieth of the loss. */
export function boundsFor(bounds: Bounds | undefined, baseline: ModelFigures): Bounds {
  if (bounds !== undefined && Object.keys(bounds).length > 0) return bounds;
  return baseline.accuracy === undefined
    ? { lossIncrease: DEFAULT_LOSS_RISE * Math.abs(baseline.loss) }
    : { accuracyDrop: DEFAULT_ACCURACY_DROP };
}

/** Of each method of which the bounds hold somewhere: the highest such sparsity, on average over its seeds. */
export function bestOfEach(
  curves: readonly SweepCurve[],
  baseline: ModelFigures,
  bounds: Bounds,
): readonly SweepBest[] {
  return curves.flatMap((curve) => {
    const [first] = curve.seeds;
    if (first === undefined) return [];
    const means = first.points.map((_, i) => meanPoint(curve, i));
    const held = means.filter((point) => brokenBound(bounds, baseline, point) === null);
    const best = held.at(-1);
    if (best === undefined) return [];
    const { criterion, granularity, options } = curve;
    return {
      criterion,
      granularity,
      ...(options === undefined ? {} : { options }),
      sparsity: best.sparsity,
      value: best.accuracy ?? best.loss,
      seed: first.seed,
    };
  });
}

/** The highest sparsity, and of equal ones the best value, the first of equal ones. */
export function bestOf(best: readonly SweepBest[], baseline: ModelFigures): SweepBest | null {
  const sign = baseline.accuracy === undefined ? -1 : 1;
  const better = (one: SweepBest, other: SweepBest): boolean =>
    one.sparsity > other.sparsity ||
    (one.sparsity === other.sparsity && sign * one.value > sign * other.value);
  return best.reduce<SweepBest | null>(
    (found, one) => (found === null || better(one, found) ? one : found),
    null,
  );
}

type MeanPoint = Pick<SweepPoint, 'sparsity'> & BoundedFigures;

function meanPoint({ seeds }: SweepCurve, index: number): MeanPoint {
  const points = seeds.flatMap(({ points }) => points[index] ?? []);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const accuracies = points.flatMap(({ accuracy }) => accuracy ?? []);
  return {
    sparsity: points[0]?.sparsity ?? 0,
    loss: mean(points.map(({ loss }) => loss)),
    accuracy: accuracies.length === 0 ? undefined : mean(accuracies),
  };
}
