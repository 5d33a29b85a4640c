import type { Report } from '../core/report/report';
import { formatBytes, formatCount, formatFigure, formatShare } from './formatNumber';
import { printComparison } from './printComparison';
import { evaluationRows } from './printEvaluation';
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

/** Those with a weight of zero cost nothing only where a runtime leaves them out. */
const NONZERO_MACS = 'multiply-accumulates, weights not zero';

/** What the sizes mean: users expect a file with zeros to be smaller, and faster. */
const THREE_THINGS =
  'Zeroed, packed and removed are three things: zeros alone do not make a file smaller; packing leaves them out of the ' +
  'file on disk; only removing units makes a network faster.';

/** A report for people: the layers, then the figures before and after, then what was done in words. */
export function printReport(report: Report): string {
  const { comparison } = report;
  const parts = [
    formatTable(LAYER_COLUMNS, layerRows(report)),
    measures(report),
    ...(comparison === undefined
      ? []
      : [printComparison(comparison, { before: 'before', after: 'after' })]),
    summary(report),
  ];
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
  const { sizes, evaluation, totals } = report;
  const rows = evaluation === undefined ? [] : evaluationRows(evaluation.before, evaluation.after);
  const { macsBefore, macsAfter } = totals;
  if (macsBefore !== undefined && macsAfter !== undefined) {
    rows.push([NONZERO_MACS, formatCount(macsBefore), formatCount(macsAfter)]);
  }
  rows.push(['size, raw', formatBytes(sizes.rawBefore), formatBytes(sizes.rawAfter)]);
  rows.push(['size, gzip', formatBytes(sizes.gzipBefore), formatBytes(sizes.gzipAfter)]);
  if (sizes.packedBefore !== undefined && sizes.packedAfter !== undefined) {
    const packed = [formatBytes(sizes.packedBefore), formatBytes(sizes.packedAfter)];
    rows.push(['size, packed (by secateur pack)', ...packed]);
  }
  return formatTable(MEASURE_COLUMNS, rows);
}

function summary(report: Report): string {
  const { totals, output, warnings } = report;
  const zeroed = `${formatCount(totals.zeros)} of ${formatCount(totals.elementCount)} weights (${formatShare(totals.sparsity)})`;
  const lines = [
    output === undefined
      ? `${zeroed} would be zero. Nothing was written.`
      : `${zeroed} are zero; nothing was removed, so every tensor keeps its shape. Written: ${output}`,
    THREE_THINGS,
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}
