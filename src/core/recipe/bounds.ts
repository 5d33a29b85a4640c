import { BoundError, UsageError } from '../errors';
import type { Evaluation } from '../evaluation/evaluation';
import type { Bounds } from './recipe';

/** A drop of exactly the bound holds: 0.971 - 0.961 is a little more than 0.01. */
const ROUNDING = 1e-12;

/**
 * A bound that cannot be judged must not count as kept.
 * @param before what the original does on the recipe's data; null where it has none, or no labels
 * @throws UsageError naming what is missing.
 */
export function assertBoundsMeasurable(
  bounds: Bounds | undefined,
  before: Evaluation | null,
): void {
  if (bounds === undefined || Object.keys(bounds).length === 0) return;
  if (before === null) {
    throw new UsageError('the recipe has bounds, but no data with labels to measure them on');
  }
  if (bounds.accuracyDrop !== undefined && before.accuracy === undefined) {
    throw new UsageError(
      'the recipe bounds the accuracy, but its data has no class labels to measure it on',
    );
  }
}

/** The figures that bounds are of. */
export interface BoundedFigures {
  readonly loss: number;
  readonly accuracy?: number | undefined;
}

/** Why the bounds do not hold, in words; null where they do. */
export function brokenBound(
  bounds: Bounds | undefined,
  before: BoundedFigures,
  after: BoundedFigures,
): string | null {
  const { accuracyDrop, lossIncrease } = bounds ?? {};
  const drop = (before.accuracy ?? NaN) - (after.accuracy ?? NaN);
  // Negated, so that a figure that is not a number does not hold either.
  if (accuracyDrop !== undefined && !(drop <= accuracyDrop + ROUNDING)) {
    return `accuracy fell by ${drop} (from ${before.accuracy ?? NaN} to ${after.accuracy ?? NaN}); the recipe allows ${accuracyDrop}`;
  }
  const rise = after.loss - before.loss;
  if (lossIncrease !== undefined && !(rise <= lossIncrease + ROUNDING)) {
    return `the loss rose by ${rise} (from ${before.loss} to ${after.loss}); the recipe allows ${lossIncrease}`;
  }
  return null;
}

/** @throws BoundError when a bound does not hold on the written file. */
export function assertBounds(
  bounds: Bounds | undefined,
  before: Evaluation,
  after: Evaluation,
): void {
  const broken = brokenBound(bounds, before, after);
  if (broken !== null) throw new BoundError(`${broken}. Nothing was kept.`);
}
