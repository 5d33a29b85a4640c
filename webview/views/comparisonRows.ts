import * as l10n from '@vscode/l10n';
import type {
  Agreement,
  Comparison,
  LatencyComparison,
} from '../../src/core/evaluation/comparison';
import { countText, percentText, significantText, signedText } from '../format/numbers';
import type { MeasureRow } from './evaluationRows';
import type { MeasureGroup } from './measureTable';

/** What two models do side by side, whatever the labels say: how alike, and how fast. */
export function comparisonGroups(comparison: Comparison | null): readonly MeasureGroup[] {
  if (comparison === null) return [];
  const { agreement } = comparison;
  return [
    ...(agreement === undefined
      ? []
      : [{ title: l10n.t('Agreement with the original'), rows: agreementRows(agreement) }]),
    ...latencyGroup(comparison),
  ];
}

/** How fast both are, one batch size a row; none where it was not measured. */
export function latencyGroup(comparison: Comparison | null): readonly MeasureGroup[] {
  const latency = comparison?.latency ?? [];
  if (latency.length === 0) return [];
  return [{ title: l10n.t('Latency'), rows: latency.map(latencyRow) }];
}

/** How alike two outputs are. */
export function agreementRows(agreement: Agreement): readonly MeasureRow[] {
  const { top1, meanCosine, klDivergence, maxAbsDifference, meanAbsDifference } = agreement;
  return [
    ...(top1 === undefined
      ? []
      : [afterRow(l10n.t('Same largest output'), percentText(top1), top1)]),
    afterRow(l10n.t('Mean cosine'), significantText(meanCosine, 4), meanCosine),
    ...(klDivergence === undefined
      ? []
      : [
          {
            ...afterRow(l10n.t('KL divergence'), significantText(klDivergence), klDivergence),
            note: l10n.t('in nats'),
          },
        ]),
    afterRow(l10n.t('Largest difference'), significantText(maxAbsDifference), maxAbsDifference),
    afterRow(l10n.t('Mean difference'), significantText(meanAbsDifference), meanAbsDifference),
  ];
}

/** A figure of the two together: it stands where the result does. */
function afterRow(name: string, text: string, value: number): MeasureRow {
  const exact = { before: '', after: String(value) };
  return { name, before: '', after: text, change: '', note: '', exact, isSame: false };
}

function latencyRow({ batchSize, rounds, before, after }: LatencyComparison): MeasureRow {
  const change = signedText((after.p50Ms / before.p50Ms - 1) * 100, 0);
  const spread = l10n.t(
    '95 % within {0} → {1}; {2} runs in turn',
    timeText(before.p95Ms),
    timeText(after.p95Ms),
    countText(rounds),
  );
  return {
    name:
      batchSize === 1 ? l10n.t('1 sample') : l10n.t('{0} samples at once', countText(batchSize)),
    before: timeText(before.p50Ms),
    after: timeText(after.p50Ms),
    change: change === '0' ? change : `${change}\u00a0%`,
    note: spread,
    exact: { before: String(before.p50Ms), after: String(after.p50Ms) },
    isSame: change === '0',
  };
}

function timeText(milliseconds: number): string {
  return l10n.t('{0} ms', significantText(milliseconds));
}
