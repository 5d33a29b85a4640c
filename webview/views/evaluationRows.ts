import * as l10n from '@vscode/l10n';
import type { Comparison, PairedDifference } from '../../src/core/evaluation/comparison';
import type { Evaluation, FoldSummary, MeasureName } from '../../src/core/evaluation/evaluation';
import type { Sizes } from '../../src/core/report/report';
import { byteSizeText, countText, decimalText, percentText, signedText } from '../format/numbers';
import { valueDigits } from '../format/valueDigits';
import { intervalText, isShare, significanceText, testText } from './uncertainty';
import { lossName } from './words';

/** One measure before and after, in words; `after` and `change` are null where not yet known. */
export interface MeasureRow {
  readonly name: string;
  readonly before: string;
  readonly after: string | null;
  readonly change: string | null;
  /** Said beside the row: a unit, a count, a reason. */
  readonly note: string;
  /** The note with all that it leaves out, for the hover. */
  readonly fullNote?: string;
  /** Exact values for the hover. */
  readonly exact: { readonly before: string; readonly after: string };
  /** Nothing changed, so that the change is drawn pale. */
  readonly isSame: boolean;
  /** 95 % intervals of the three figures, in words. */
  readonly intervals?: {
    readonly before: string | null;
    readonly after: string | null;
    readonly change: string | null;
  };
}

/** A share as the change of two shares: in points, which a percentage of a percentage is not. */
export const POINT_DIGITS = 1;

/** What is shown of an evaluation: the original, the plan, and how they differ. */
export interface ComparedPair {
  readonly before: Evaluation | null;
  readonly after: Evaluation | null;
  readonly comparison: Comparison | null;
}

/** The rows about quality: accuracy, F1, loss, errors, and their spread over the folds; none without labels. */
export function qualityRows({ before, after, comparison }: ComparedPair): readonly MeasureRow[] {
  if (before === null) return [];
  const pair = { before, after, differences: comparison?.differences ?? [] };
  return [
    ...hitRows(pair),
    ...rowOf(pair, { name: l10n.t('F1, mean of classes'), measure: 'macroF1' }),
    ...rowOf(pair, { name: l10n.t('Loss'), measure: 'loss', note: lossNote(before) }),
    ...extraRow(l10n.t('Cross-entropy'), 'crossEntropy', before, after),
    ...extraRow(l10n.t('Mean squared error'), 'mse', before, after),
    ...rowOf(pair, { name: l10n.t('Mean absolute error'), measure: 'mae' }),
    ...rowOf(pair, { name: l10n.t('R²'), measure: 'r2' }),
    ...foldRows(before, after),
  ];
}

/** The rows about size: raw, compressed where it was measured, packed, and weights that are not zero. */
export function sizeRows(
  sizes: Sizes,
  weights: { readonly before: number; readonly after: number } | null,
): readonly MeasureRow[] {
  const { rawBefore, rawAfter, gzipBefore, gzipAfter } = sizes;
  const rows = [relativeRow(l10n.t('Size, raw'), rawBefore, rawAfter, byteSizeText)];
  if (gzipBefore !== null && gzipAfter !== null) {
    rows.push(relativeRow(l10n.t('Size, gzip'), gzipBefore, gzipAfter, byteSizeText));
  }
  const { packedBefore, packedAfter } = sizes;
  if (packedBefore !== undefined && packedAfter !== undefined) {
    const packed = relativeRow(l10n.t('Size, packed'), packedBefore, packedAfter, byteSizeText);
    rows.push({ ...packed, note: l10n.t('without zeros') });
  }
  if (weights !== null) {
    rows.push(relativeRow(l10n.t('Nonzero weights'), weights.before, weights.after, countText));
  }
  return rows;
}

interface PairOfFigures {
  readonly before: Evaluation;
  readonly after: Evaluation | null;
  readonly differences: readonly PairedDifference[];
}

function hitRows(pair: PairOfFigures): MeasureRow[] {
  const { before, after } = pair;
  const count = (from: number | undefined, to: number | undefined): string =>
    from === undefined || to === undefined
      ? ''
      : l10n.t('{0} → {1} of {2}', from, to, countText(before.samples));
  return [
    ...rowOf(pair, {
      name: l10n.t('Accuracy'),
      measure: 'accuracy',
      note: count(before.correct, after?.correct),
    }),
    ...rowOf(pair, {
      name: l10n.t('Top-{0} accuracy', before.topK?.k ?? 0),
      measure: 'topK',
      note: count(before.topK?.correct, after?.topK?.correct),
    }),
  ];
}

interface RowWords {
  readonly name: string;
  readonly measure: MeasureName;
  readonly note?: string;
}

/** A figure with its intervals and the paired test; none where the data does not give it. */
function rowOf(pair: PairOfFigures, { name, measure, note = '' }: RowWords): MeasureRow[] {
  const { before, after, differences } = pair;
  const value = figureOf(before, measure);
  if (value === undefined) return [];
  const difference = differences.find((one) => one.measure === measure);
  const test = difference?.test;
  const text = joined(note, test === undefined ? '' : significanceText(test));
  const row = isShare(measure) ? shareRow : valueRow;
  const of = (evaluation: Evaluation | null) => evaluation?.intervals?.[measure];
  return [
    {
      ...row(name, value, figureOf(after, measure) ?? null, text),
      ...(test === undefined ? {} : { fullNote: joined(note, testText(test)) }),
      intervals: {
        before: intervalText(of(before), { measure, value }),
        after: intervalText(of(after), { measure, value }),
        change: intervalText(difference?.interval, { measure, value }, true),
      },
    },
  ];
}

function joined(...notes: readonly string[]): string {
  return notes.filter((note) => note !== '').join('; ');
}

function figureOf(evaluation: Evaluation | null, measure: MeasureName): number | undefined {
  switch (measure) {
    case 'accuracy':
      return evaluation?.accuracy;
    case 'topK':
      return evaluation?.topK?.accuracy;
    case 'macroF1':
      return evaluation?.f1?.macro;
    case 'loss':
      return evaluation?.loss;
    case 'mae':
      return evaluation?.mae;
    case 'r2':
      return evaluation?.r2?.mean;
  }
}

/** Where the loss was not chosen, by what it was guessed. */
function lossNote({ lossKind, lossGuessedFrom }: Evaluation): string {
  if (lossGuessedFrom === undefined || lossKind === 'mse') return lossName(lossKind);
  return lossGuessedFrom === null
    ? l10n.t('{0}, as no activation ends the model', lossName(lossKind))
    : l10n.t('{0}, as {1} ends the model', lossName(lossKind), lossGuessedFrom);
}

function shareRow(name: string, before: number, after: number | null, note: string): MeasureRow {
  const change = after === null ? null : signedText((after - before) * 100, POINT_DIGITS);
  return {
    name,
    before: percentText(before),
    after: after === null ? null : percentText(after),
    change: change === null || change === '0' ? change : l10n.t('{0} pt', change),
    note,
    exact: { before: String(before), after: String(after ?? '') },
    isSame: change === '0',
  };
}

/** A figure that is not the loss itself, where the data gave it. */
function extraRow(
  name: string,
  key: 'crossEntropy' | 'mse',
  before: Evaluation,
  after: Evaluation | null,
): MeasureRow[] {
  const isTheLoss = (before.lossKind === 'mse') === (key === 'mse');
  const value = before[key];
  // Logits are on a scale of their own: how far they are from 0 and 1 tells nothing.
  const isOfLogits = key === 'mse' && before.lossKind === 'ce-logits';
  if (isTheLoss || isOfLogits || value === undefined) return [];
  return [valueRow(name, value, after?.[key] ?? null, '')];
}

function valueRow(name: string, before: number, after: number | null, note: string): MeasureRow {
  const digits = valueDigits(before);
  const change = after === null ? null : signedText(after - before, digits);
  return {
    name,
    before: decimalText(before, digits),
    after: after === null ? null : decimalText(after, digits),
    change,
    note,
    exact: { before: String(before), after: String(after ?? '') },
    isSame: change === '0',
  };
}

function foldRows(before: Evaluation, after: Evaluation | null): MeasureRow[] {
  const folds = before.kFold;
  if (folds === undefined) return [];
  const note = l10n.t('mean ± deviation over {0} folds', countText(folds.folds));
  const row = (key: 'accuracy' | 'loss' | 'mse', name: string, percent: boolean) => {
    const from = folds[key];
    return from === undefined ? [] : [foldRow(name, from, after?.kFold?.[key], { percent, note })];
  };
  return [
    ...row('accuracy', l10n.t('Accuracy by folds'), true),
    ...row('loss', l10n.t('Loss by folds'), false),
    ...(before.lossKind === 'mse' ? [] : row('mse', l10n.t('Squared error by folds'), false)),
  ];
}

function foldRow(
  name: string,
  before: FoldSummary,
  after: FoldSummary | undefined,
  look: { readonly percent: boolean; readonly note: string },
): MeasureRow {
  const means = look.percent
    ? shareRow(name, before.mean, after?.mean ?? null, look.note)
    : valueRow(name, before.mean, after?.mean ?? null, look.note);
  const exactText = (fold: FoldSummary) => `${fold.mean} ± ${fold.deviation}`;
  return {
    ...means,
    before: foldText(before, look.percent),
    after: after === undefined ? null : foldText(after, look.percent),
    exact: { before: exactText(before), after: after === undefined ? '' : exactText(after) },
  };
}

function foldText({ mean, deviation }: FoldSummary, percent: boolean): string {
  return percent
    ? `${percentText(mean)} ± ${decimalText(deviation * 100, POINT_DIGITS)}`
    : `${decimalText(mean, valueDigits(mean))} ± ${decimalText(deviation, valueDigits(mean))}`;
}

function relativeRow(
  name: string,
  before: number,
  after: number,
  text: (value: number) => string,
): MeasureRow {
  const change = before === 0 ? 0 : (after / before - 1) * 100;
  const digits = Math.abs(change) < 1 ? 1 : 0;
  const changeText = signedText(change, digits);
  const isSame = after === before;
  return {
    name,
    before: text(before),
    after: text(after),
    change: isSame ? '0' : `${changeText}\u00a0%`,
    note: '',
    exact: { before: countText(before), after: countText(after) },
    isSame,
  };
}
