import { MAGNITUDE_STEPS } from '../../src/core/statistics/tensorStatistics';
import { pixel } from './barPath';
import type { HistogramScale } from './histogramScale';

/**
 * The share of weights with |w| at most |x| as a path, symmetric about zero: it starts at 0 in the
 * middle, so its height at the threshold is the sparsity. `magnitudes` are |w| at equal shares.
 */
export function shareCurvePath(
  magnitudes: readonly number[],
  limit: number,
  scale: HistogramScale,
): string {
  const steps = magnitudes
    .map((magnitude, step) => ({ magnitude, share: step / MAGNITUDE_STEPS }))
    .filter(({ magnitude }) => magnitude <= limit);
  const points = [{ magnitude: limit, share: shareAt(magnitudes, limit) }, ...steps.reverse()];
  const left = points.map(({ magnitude, share }) => point(scale, -magnitude, share));
  const right = points.reverse().map(({ magnitude, share }) => point(scale, magnitude, share));
  return `M${[...left, ...right].join('L')}`;
}

/** The share of weights with |w| at most `magnitude`, between the table's steps by interpolation. */
export function shareAt(magnitudes: readonly number[], magnitude: number): number {
  const next = magnitudes.findIndex((value) => value > magnitude);
  if (next === -1) return 1;
  if (next === 0) return 0;
  const from = magnitudes[next - 1] ?? 0;
  const to = magnitudes[next] ?? from;
  return (next - 1 + (magnitude - from) / (to - from)) / MAGNITUDE_STEPS;
}

function point(scale: HistogramScale, weight: number, share: number): string {
  return `${pixel(scale.x(weight))} ${pixel(scale.y(share))}`;
}
