import * as l10n from '@vscode/l10n';
import type { PairedTest } from '../../src/core/evaluation/comparison';
import type { Interval, MeasureName } from '../../src/core/evaluation/evaluation';
import { decimalText, signedText } from '../format/numbers';
import { valueDigits } from '../format/valueDigits';

const POINT_DIGITS = 1;
const SMALLEST_P = 0.001;
/** What goes with the intervals of 95 %. */
const SIGNIFICANCE = 0.05;

/** Whether a figure is a share, written as per cent. */
export function isShare(measure: MeasureName): boolean {
  return measure === 'accuracy' || measure === 'topK';
}

/** What an interval is of, which says its unit and its decimals. */
export interface IntervalFigure {
  readonly measure: MeasureName;
  /** The figure of the original, in whose row the interval stands. */
  readonly value: number;
}

/** The ends of an interval: `95.0 to 97.4`, in points where the figure is a share. */
export function intervalText(
  interval: Interval | undefined,
  { measure, value }: IntervalFigure,
  signed = false,
): string | null {
  if (interval === undefined) return null;
  const factor = isShare(measure) ? 100 : 1;
  const digits = isShare(measure) ? POINT_DIGITS : valueDigits(value);
  const text = signed ? signedText : decimalText;
  return l10n.t(
    '{0} to {1}',
    text(interval.low * factor, digits),
    text(interval.high * factor, digits),
  );
}

/** Whether the difference is more than chance, and how likely it would be by chance. */
export function significanceText({ pValue }: PairedTest): string {
  const p =
    pValue < SMALLEST_P
      ? l10n.t('p < {0}', decimalText(SMALLEST_P, 3))
      : l10n.t('p = {0}', decimalText(pValue, 3));
  return pValue < SIGNIFICANCE ? l10n.t('significant: {0}', p) : l10n.t('not significant: {0}', p);
}

/** As {@link significanceText}, and by which test. */
export function testText(test: PairedTest): string {
  return l10n.t('{0} ({1})', significanceText(test), TESTS[test.method]());
}

const TESTS: Readonly<Record<PairedTest['method'], () => string>> = {
  'mcnemar-exact': () => l10n.t('exact McNemar test'),
  'mcnemar-chi-square': () => l10n.t('McNemar test'),
  bootstrap: () => l10n.t('paired bootstrap'),
};
