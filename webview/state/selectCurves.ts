import type { SweepBest, SweepMethod, SweepMetric, SweepPoint } from '../../src/core/sweep/sweep';
import type { SweepRun } from '../../src/protocol/hostWebview';
import { memoizeLast } from './memoize';

/** One criterion of a comparison, as far as it is measured. */
export interface Curve {
  readonly method: SweepMethod;
  /** By rising sparsity; of several seeds the mean. */
  readonly points: readonly CurvePoint[];
  /** Why it cannot be used; null where it can, or where that is not known yet. */
  readonly problem: string | null;
  /** The highest sparsity at which the bounds hold; null where none does. */
  readonly best: SweepBest | null;
}

/** What a criterion does at one sparsity. */
export interface CurvePoint {
  readonly sparsity: number;
  /** Of the metric. */
  readonly value: number;
  /** 95 %. */
  readonly low: number;
  readonly high: number;
  /** Against the original. */
  readonly difference: number;
}

/** All that is drawn of a comparison. */
export interface Curves {
  readonly metric: SweepMetric;
  /** Rising: those that points have, and as long as it runs those that were asked for. */
  readonly sparsities: readonly number[];
  readonly curves: readonly Curve[];
  /** The metric of the model as it is; null while it runs. */
  readonly baseline: number | null;
  /** The value that the best must not pass; null where the bounds say nothing of the metric. */
  readonly limit: number | null;
  /** The best of all, by its curve; null where there is none. */
  readonly best: { readonly curve: number; readonly best: SweepBest } | null;
}

/** The curves of a comparison; of one that runs or was cancelled, what there is of them. */
export const curvesOf = memoizeLast((run: SweepRun): Curves => {
  const curves = run.methods.map((method, index) => curveOf(run, method, index));
  const { result } = run;
  const metric = result?.metric ?? run.parts[0]?.points[0]?.metric ?? 'accuracy';
  const baseline = result === null ? null : baselineOf(result, metric);
  return {
    metric,
    sparsities: sparsitiesOf(run, curves),
    curves,
    baseline,
    limit: baseline === null || result === null ? null : limitOf(result.bounds, metric, baseline),
    best: bestOf(run, curves),
  };
});

/** N:M has a sparsity of its own, whatever was asked for. */
function sparsitiesOf({ result, sparsities }: SweepRun, curves: readonly Curve[]): number[] {
  const found = curves.flatMap(({ points }) => points.map(({ sparsity }) => sparsity));
  const all = result === null || found.length === 0 ? [...sparsities, ...found] : found;
  return [...new Set(all)].sort((one, other) => one - other);
}

type Result = NonNullable<SweepRun['result']>;

function baselineOf({ baseline }: Result, metric: SweepMetric): number | null {
  return metric === 'accuracy' ? (baseline.accuracy ?? null) : baseline.loss;
}

function limitOf(bounds: Result['bounds'], metric: SweepMetric, baseline: number): number | null {
  const { accuracyDrop, lossIncrease } = bounds;
  if (metric === 'accuracy') return accuracyDrop === undefined ? null : baseline - accuracyDrop;
  return lossIncrease === undefined ? null : baseline + lossIncrease;
}

function curveOf({ result, parts }: SweepRun, method: SweepMethod, index: number): Curve {
  const known = result?.criteria[index];
  const points = known
    ? known.seeds.flatMap((series) => series.points)
    : parts.filter((part) => part.method === index).flatMap((part) => part.points);
  return {
    method: known ?? method,
    points: meanPoints(points),
    problem: known?.problem ?? null,
    best: result?.bestOfEach.find((best) => isOf(best, known ?? method)) ?? null,
  };
}

function meanPoints(points: readonly SweepPoint[]): readonly CurvePoint[] {
  const bySparsity = new Map<number, SweepPoint[]>();
  for (const point of points) {
    bySparsity.set(point.sparsity, [...(bySparsity.get(point.sparsity) ?? []), point]);
  }
  return [...bySparsity]
    .sort(([one], [other]) => one - other)
    .map(([sparsity, same]) => ({
      sparsity,
      value: mean(same, ({ value }) => value),
      low: mean(same, ({ interval }) => interval.low),
      high: mean(same, ({ interval }) => interval.high),
      difference: mean(same, ({ difference }) => difference.difference),
    }));
}

function mean<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}

function bestOf({ result }: SweepRun, curves: readonly Curve[]): Curves['best'] {
  const best = result?.best ?? null;
  if (best === null) return null;
  const curve = curves.findIndex(({ method }) => isOf(best, method));
  return curve === -1 ? null : { curve, best };
}

function isOf(best: SweepBest, method: SweepMethod): boolean {
  return (
    best.criterion === method.criterion &&
    JSON.stringify(best.options ?? {}) === JSON.stringify(method.options ?? {}) &&
    (method.granularity === undefined || method.granularity === best.granularity)
  );
}
