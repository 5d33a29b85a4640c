import type { Evaluation } from '../core/evaluation/evaluation';
import type { Report } from '../core/report/report';
import { formatBytes, formatCount, formatFigure, formatShare } from './formatNumber';
import { type Column, formatTable } from './table';

const LAYER_COLUMNS: readonly Column[] = [
  { title: 'layer', align: 'left' },
  { title: 'weights', align: 'right' },
  { title: 'zeros before', align: 'right' },
  { title: 'zeros after', align: 'right' },
  { title: 'sparsity', align: 'right' },
  { title: 'threshold', align: 'right' },
  { title: 'units', align: 'right' },
];

const MEASURE_COLUMNS: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
];

/** A report for people: the layers, then the figures before and after, then what was done in words. */
export function printReport(report: Report): string {
  const parts = [formatTable(LAYER_COLUMNS, layerRows(report)), measures(report), summary(report)];
  return parts.join('\n');
}

function layerRows(report: Report): string[][] {
  return report.layers.map((layer) => [
    layer.layer,
    formatCount(layer.elementCount),
    formatCount(layer.zerosBefore),
    formatCount(layer.zerosAfter),
    formatShare(layer.elementCount === 0 ? 0 : layer.zerosAfter / layer.elementCount),
    formatFigure(layer.threshold),
    layer.removedUnits === 0 ? '' : `${formatCount(layer.removedUnits)} zeroed`,
  ]);
}

function measures(report: Report): string {
  const { sizes, evaluation } = report;
  const rows = evaluation === undefined ? [] : evaluationRows(evaluation.before, evaluation.after);
  rows.push(['size, raw', formatBytes(sizes.rawBefore), formatBytes(sizes.rawAfter)]);
  rows.push(['size, gzip', formatBytes(sizes.gzipBefore), formatBytes(sizes.gzipAfter)]);
  return formatTable(MEASURE_COLUMNS, rows);
}

/** The figures of two evaluations (or of one) in rows of name, before, after. */
export function evaluationRows(before: Evaluation, after: Evaluation | null): string[][] {
  const row = (name: string, figure: (evaluation: Evaluation) => string | null): string[][] => {
    const first = figure(before);
    return first === null ? [] : [[name, first, after === null ? '' : (figure(after) ?? '–')]];
  };
  return [
    ...row('samples', ({ samples }) => formatCount(samples)),
    ...row('accuracy', ({ accuracy }) => (accuracy === undefined ? null : formatShare(accuracy))),
    ...row(`loss (${before.lossKind})`, ({ loss }) => formatFigure(loss)),
    ...row('mean squared error', ({ mse }) => (mse === undefined ? null : formatFigure(mse))),
    ...row(`accuracy, ${before.kFold?.folds ?? 0} folds`, ({ kFold }) => {
      const accuracy = kFold?.accuracy;
      if (accuracy === undefined) return null;
      return `${formatShare(accuracy.mean)} ± ${formatShare(accuracy.deviation)}`;
    }),
  ];
}

function summary(report: Report): string {
  const { totals, output, warnings } = report;
  const zeroed = `${formatCount(totals.zeros)} of ${formatCount(totals.elementCount)} weights (${formatShare(totals.sparsity)})`;
  const lines = [
    output === undefined
      ? `${zeroed} would be zero. Nothing was written.`
      : `${zeroed} are zero; nothing was removed, so every tensor keeps its shape. Written: ${output}`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}
