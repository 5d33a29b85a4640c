import type { VariantFigures } from '../evaluation/evaluateMany';
import type { PlanEntry } from '../report/plan';
import type { CutFigures, SweepMetric } from './sweep';

/** The figure that curves are drawn of. */
export function metricOf({ accuracy }: { readonly accuracy?: number }): SweepMetric {
  return accuracy === undefined ? 'loss' : 'accuracy';
}

/** What was measured of a cut model, with what the cut takes. */
export function cutFigures(
  figures: VariantFigures,
  counts: Pick<CutFigures, 'zeros' | 'elementCount'>,
): CutFigures {
  const { loss, intervals, accuracy, correct, differences } = figures;
  const metric = metricOf(figures);
  const difference = differences.find(({ measure }) => measure === metric);
  if (difference === undefined) throw new Error(`an evaluation without a difference in ${metric}`);
  return {
    metric,
    value: accuracy ?? loss,
    interval: intervals[metric] ?? intervals.loss,
    loss,
    lossInterval: intervals.loss,
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(correct === undefined ? {} : { correct }),
    difference,
    ...counts,
  };
}

/** Zeros and weights of the tensors that a plan cuts. */
export function countsOf(
  entries: readonly PlanEntry[],
): Pick<CutFigures, 'zeros' | 'elementCount'> {
  return {
    zeros: entries.reduce((sum, { zerosAfter }) => sum + zerosAfter, 0),
    elementCount: entries.reduce((sum, { elementCount }) => sum + elementCount, 0),
  };
}
