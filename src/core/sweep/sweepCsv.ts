import type { SensitivityResult } from './sensitivity';
import type { CutFigures, SweepResult } from './sweep';

const FIGURES = [
  'sparsity',
  'zeros',
  'elementCount',
  'metric',
  'value',
  'low',
  'high',
  'loss',
  'lossLow',
  'lossHigh',
  'correct',
  'difference',
  'differenceLow',
  'differenceHigh',
  'pValue',
  'test',
] as const;

type Cell = string | number | undefined;

/** A sweep as comma-separated values, a row a point (RFC 4180). */
export function sweepCsv({ criteria }: SweepResult): string {
  const head = ['criterion', 'granularity', 'options', 'seed', 'samples', ...FIGURES];
  const rows = criteria.flatMap(({ criterion, granularity, options, seeds }) =>
    seeds.flatMap(({ seed, samples, points }) =>
      points.map((point) => [
        ...[criterion, granularity, options === undefined ? '' : JSON.stringify(options)],
        ...[seed, samples ?? '', ...figureCells(point), point.sizes.raw, point.sizes.packed],
      ]),
    ),
  );
  return csvOf([[...head, 'rawBytes', 'packedBytes'], ...rows]);
}

/** The sensitivity of layers as comma-separated values, a row a layer and sparsity (RFC 4180). */
export function sensitivityCsv({ criterion, layers }: SensitivityResult): string {
  const rows = layers.flatMap(({ layer, tensors, points }) =>
    points.map((point) => [criterion, layer, tensors.join(' '), ...figureCells(point)]),
  );
  return csvOf([['criterion', 'layer', 'tensors', ...FIGURES], ...rows]);
}

function figureCells(point: CutFigures & { readonly sparsity: number }): readonly Cell[] {
  const { sparsity, zeros, elementCount, metric, value, interval, loss, lossInterval } = point;
  const { difference, interval: range, test } = point.difference;
  return [
    ...[sparsity, zeros, elementCount, metric, value, interval.low, interval.high],
    ...[loss, lossInterval.low, lossInterval.high, point.correct],
    ...[difference, range.low, range.high, test.pValue, test.method],
  ];
}

function csvOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
