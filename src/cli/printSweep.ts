import type { SweepCurve, SweepPoint } from '../core/sweep/sweep';
import { formatCount, formatShare } from './formatNumber';
import { formatMeasure } from './printEvaluation';
import type { CommandedSweep } from './sweepCommand';
import { type Column, formatTable } from './table';

/** A sweep for people: sparsities down, methods across, the best of each marked, then how to make it. */
export function printSweep(result: CommandedSweep): string {
  const { metric, samples, baseline, best, criteria } = result;
  const working = criteria.filter(({ seeds }) => seeds.length > 0);
  const columns: readonly Column[] = [
    { title: 'sparsity', align: 'right' },
    ...working.map((curve) => ({ title: methodName(curve), align: 'right' as const })),
  ];
  const before = formatMeasure(metric, baseline.accuracy ?? baseline.loss);
  return [
    `${metric} on ${formatCount(samples)} samples; the model as it is: ${before}\n\n`,
    formatTable(columns, rowsOf(working, result)),
    '\n',
    ...criteria.flatMap(({ problem, ...curve }) =>
      problem === undefined ? [] : [`${methodName(curve)}: not used, ${problem}\n`],
    ),
    best === null
      ? `No point holds the bounds (${boundsText(result)}).\n`
      : `* the most that ${boundsText(result)} allows. Best of all:\n${best.command}\n`,
  ].join('');
}

function methodName({ criterion, granularity }: SweepCurve | Omit<SweepCurve, 'problem'>): string {
  return granularity === 'weight' ? criterion : `${criterion} (${granularity})`;
}

function boundsText({ bounds: { accuracyDrop, lossIncrease } }: CommandedSweep): string {
  const parts = [
    ...(accuracyDrop === undefined ? [] : [`an accuracy drop of ${formatShare(accuracyDrop)}`]),
    ...(lossIncrease === undefined ? [] : [`a rise of the loss of ${lossIncrease.toPrecision(3)}`]),
  ];
  return parts.join(' and ');
}

function rowsOf(curves: readonly SweepCurve[], result: CommandedSweep): string[][] {
  const points = curves.flatMap(({ seeds }) => seeds[0]?.points ?? []);
  const sparsities = [...new Set(points.map(({ sparsity }) => sparsity))];
  return sparsities
    .sort((one, other) => one - other)
    .map((sparsity) => [
      formatShare(sparsity),
      ...curves.map((curve) => cellText(curve, sparsity, result)),
    ]);
}

/** The mean over seeds, with their deviation where there are several; nothing where N:M leaves no such sparsity. */
function cellText(
  curve: SweepCurve,
  sparsity: number,
  { bestOfEach, metric }: CommandedSweep,
): string {
  const points = curve.seeds.flatMap(({ points: all }) =>
    all.filter((point) => point.sparsity === sparsity),
  );
  if (points.length === 0) return '';
  const mean = meanOf(points);
  const deviation = Math.sqrt(
    points.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / points.length,
  );
  const isBest = bestOfEach.some(
    (best) =>
      best.criterion === curve.criterion &&
      best.granularity === curve.granularity &&
      best.sparsity === sparsity,
  );
  const spread = points.length > 1 ? ` ± ${formatMeasure(metric, deviation)}` : '';
  return `${isBest ? '* ' : ''}${formatMeasure(metric, mean)}${spread}`;
}

function meanOf(points: readonly SweepPoint[]): number {
  return points.reduce((sum, { value }) => sum + value, 0) / points.length;
}
