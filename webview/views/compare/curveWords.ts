import * as l10n from '@vscode/l10n';
import type { SweepMethod, SweepMetric } from '../../../src/core/sweep/sweep';
import { decimalText, percentText, signedText, significantText } from '../../format/numbers';
import type { Curve, CurvePoint } from '../../state/selectCurves';
import { criterionName, granularityName } from '../words';

/** A method by its criterion, and by its granularity where that is not single weights. */
export function methodName({ criterion, granularity }: SweepMethod): string {
  const name = criterionName(criterion);
  const isPlain = granularity === undefined || granularity === 'weight';
  return isPlain ? name : l10n.t('{0}, {1}', name, granularityName(granularity));
}

/** The metric as the title of a chart. */
export function metricTitle(metric: SweepMetric): string {
  return metric === 'accuracy'
    ? l10n.t('Accuracy against sparsity')
    : l10n.t('Loss against sparsity');
}

/** A value of the metric. */
export function metricText(metric: SweepMetric, value: number): string {
  return metric === 'accuracy' ? percentText(value) : significantText(value);
}

/** A value of the metric on an axis. */
export function axisText(metric: SweepMetric, value: number): string {
  return metric === 'accuracy' ? percentText(value, 0) : significantText(value, 2);
}

/** How far from the original. */
export function differenceText(metric: SweepMetric, difference: number): string {
  return metric === 'accuracy'
    ? l10n.t('{0} pt', signedText(difference * 100, 1))
    : signedText(difference, 4);
}

/** A point of a curve in one sentence. */
export function pointText(metric: SweepMetric, { method }: Curve, point: CurvePoint): string {
  return l10n.t(
    '{0} at {1}: {2} ({3}), {4}',
    methodName(method),
    percentText(point.sparsity, 0),
    metricText(metric, point.value),
    intervalText(metric, point),
    differenceText(metric, point.difference),
  );
}

/** The ends of an interval, the unit once. */
export function intervalText(metric: SweepMetric, point: CurvePoint): string {
  const text = plainIntervalText(metric, point);
  return metric === 'accuracy' ? `${text}\u00a0%` : text;
}

/** The ends of an interval, where the unit stands elsewhere. */
export function plainIntervalText(metric: SweepMetric, { low, high }: CurvePoint): string {
  return metric === 'accuracy'
    ? `${decimalText(low * 100, 1)}–${decimalText(high * 100, 1)}`
    : `${significantText(low)}–${significantText(high)}`;
}
