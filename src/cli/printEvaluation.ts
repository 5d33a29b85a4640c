import type { Evaluation, Interval, MeasureName } from '../core/evaluation/evaluation';
import { formatCount, formatFigure, formatShare } from './formatNumber';

/** The figures of two evaluations (or of one) in rows of name, first, second. */
export function evaluationRows(first: Evaluation, second: Evaluation | null): string[][] {
  const row = (name: string, figure: (evaluation: Evaluation) => string | null): string[][] => {
    const text = figure(first);
    return text === null ? [] : [[name, text, second === null ? '' : (figure(second) ?? '–')]];
  };
  return [
    ...row('samples', ({ samples }) => formatCount(samples)),
    ...row('accuracy', ({ accuracy, intervals }) => shareText(accuracy, intervals?.accuracy)),
    ...row(`top-${first.topK?.k ?? 0} accuracy`, ({ topK, intervals }) =>
      shareText(topK?.accuracy, intervals?.topK),
    ),
    ...row('F1, macro', ({ f1, intervals }) => figureText(f1?.macro, intervals?.macroF1)),
    ...row('F1, micro', ({ f1 }) => figureText(f1?.micro, undefined)),
    ...row(lossTitle(first), ({ loss, intervals }) => figureText(loss, intervals?.loss)),
    ...row('mean squared error', ({ mse }) => figureText(mse, undefined)),
    ...row('mean absolute error', ({ mae, intervals }) => figureText(mae, intervals?.mae)),
    ...row('R²', ({ r2, intervals }) => figureText(r2?.mean, intervals?.r2)),
    ...foldRows(row, first),
  ];
}

/** Where the loss was not chosen, what it was guessed by. */
function lossTitle({ lossKind, lossGuessedFrom }: Evaluation): string {
  if (lossGuessedFrom === undefined) return `loss (${lossKind})`;
  const by = lossGuessedFrom ?? 'no activation at the end';
  return `loss (${lossKind}, guessed by ${by})`;
}

type RowMaker = (name: string, figure: (evaluation: Evaluation) => string | null) => string[][];

function foldRows(row: RowMaker, { kFold: folds }: Evaluation): string[][] {
  return row(`accuracy, ${folds?.folds ?? 0} folds`, ({ kFold }) => {
    const accuracy = kFold?.accuracy;
    if (accuracy === undefined) return null;
    return `${formatShare(accuracy.mean)} ± ${formatShare(accuracy.deviation)}`;
  });
}

/** How a figure is written: shares as per cent. */
export function formatMeasure(measure: MeasureName, value: number): string {
  return measure === 'accuracy' || measure === 'topK' ? formatShare(value) : formatFigure(value);
}

function shareText(value: number | undefined, interval: Interval | undefined): string | null {
  if (value === undefined) return null;
  const ends =
    interval && `${(interval.low * 100).toFixed(1)} to ${(interval.high * 100).toFixed(1)}`;
  return ends === undefined ? formatShare(value) : `${formatShare(value)} (${ends})`;
}

function figureText(value: number | undefined, interval: Interval | undefined): string | null {
  if (value === undefined) return null;
  if (interval === undefined) return formatFigure(value);
  return `${formatFigure(value)} (${formatFigure(interval.low)} to ${formatFigure(interval.high)})`;
}
