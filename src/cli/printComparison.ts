import type {
  Agreement,
  Comparison,
  LatencyComparison,
  PairedDifference,
  PairedTest,
} from '../core/evaluation/comparison';
import type { MeasureName } from '../core/evaluation/evaluation';
import { formatCount, formatFigure, formatShare } from './formatNumber';
import { formatMeasure } from './printEvaluation';
import { type Column, formatTable } from './table';

/** What the two models of a comparison are called. */
export interface ModelNames {
  readonly before: string;
  readonly after: string;
}

const MEASURES: Readonly<Record<MeasureName, string>> = {
  accuracy: 'accuracy',
  topK: 'top-k accuracy',
  macroF1: 'F1, macro',
  loss: 'loss',
  mae: 'mean absolute error',
  r2: 'R²',
};

/** Paired differences with their tests, agreement and latency, as tables for people. */
export function printComparison(comparison: Comparison, names: ModelNames): string {
  const { agreement, differences, latency, outputs } = comparison;
  const perOutput = outputs ?? [{ name: '', differences, ...(agreement ? { agreement } : {}) }];
  const parts = perOutput.flatMap((output) => [
    ...(output.name === '' ? [] : [`output ${output.name}\n`]),
    ...(output.differences.length === 0 ? [] : [differenceTable(output.differences, names)]),
    ...(output.agreement === undefined ? [] : [agreementTable(output.agreement, names)]),
  ]);
  return [...parts, ...(latency === undefined ? [] : [latencyTable(latency, names)])].join('\n');
}

function differenceTable(differences: readonly PairedDifference[], names: ModelNames): string {
  const columns: readonly Column[] = [
    { title: `${names.after} − ${names.before}`, align: 'left' },
    { title: 'difference', align: 'right' },
    { title: '95 % interval', align: 'right' },
    { title: 'p', align: 'right' },
    { title: 'test', align: 'left' },
  ];
  const rows = differences.map(({ measure, difference, interval, test }) => [
    MEASURES[measure],
    signed(measure, difference),
    `${signed(measure, interval.low)} to ${signed(measure, interval.high)}`,
    formatFigure(test.pValue),
    testText(test, names),
  ]);
  return formatTable(columns, rows);
}

function signed(measure: MeasureName, value: number): string {
  return `${value > 0 ? '+' : ''}${formatMeasure(measure, value)}`;
}

function testText({ method, discordant }: PairedTest, { before, after }: ModelNames): string {
  if (discordant === undefined) return 'paired bootstrap';
  const { onlyBefore, onlyAfter } = discordant;
  const form = method === 'mcnemar-exact' ? 'exact' : 'chi-square';
  return `McNemar, ${form}; right only in ${before} ${formatCount(onlyBefore)}, only in ${after} ${formatCount(onlyAfter)}`;
}

function agreementTable(agreement: Agreement, { before, after }: ModelNames): string {
  const { top1, meanCosine, klDivergence, maxAbsDifference, meanAbsDifference } = agreement;
  const rows = [
    ...(top1 === undefined ? [] : [['same largest output', formatShare(top1)]]),
    ['mean cosine', formatFigure(meanCosine)],
    ...(klDivergence === undefined
      ? []
      : [[`KL(${before} ‖ ${after}), nats`, formatFigure(klDivergence)]]),
    ['largest difference', formatFigure(maxAbsDifference)],
    ['mean difference', formatFigure(meanAbsDifference)],
  ];
  const columns: readonly Column[] = [
    { title: 'outputs', align: 'left' },
    { title: '', align: 'right' },
  ];
  return formatTable(columns, rows);
}

function latencyTable(latency: readonly LatencyComparison[], names: ModelNames): string {
  const columns: readonly Column[] = [
    { title: 'latency, ms', align: 'left' },
    ...[names.before, names.after].flatMap((name): Column[] => [
      { title: `${name} p50`, align: 'right' },
      { title: 'p95', align: 'right' },
    ]),
  ];
  const rows = latency.map(({ batchSize, rounds, before, after }) => [
    `${formatCount(batchSize)} a batch, ${formatCount(rounds)} runs in turn`,
    ...[before, after].flatMap(({ p50Ms, p95Ms }) => [formatFigure(p50Ms), formatFigure(p95Ms)]),
  ]);
  return formatTable(columns, rows);
}
