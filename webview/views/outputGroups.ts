import * as l10n from '@vscode/l10n';
import type { OutputComparison } from '../../src/core/evaluation/comparison';
import type { Evaluation } from '../../src/core/evaluation/evaluation';
import { agreementRows, comparisonGroups, latencyGroup } from './comparisonRows';
import { qualityRows, type ComparedPair, type MeasureRow } from './evaluationRows';
import type { MeasureGroup } from './measureTable';

/** One output of a model that has several. */
export interface NamedPair extends ComparedPair {
  readonly name: string;
}

/** Each output by itself where there are several; none where there is one. */
export function outputPairs({ before, after, comparison }: ComparedPair): readonly NamedPair[] {
  const names = new Set(
    [...(before?.outputs ?? []), ...(comparison?.outputs ?? [])].map(({ name }) => name),
  );
  if (names.size < 2) return [];
  return [...names].map((name) => {
    const compared = comparison?.outputs?.find((output) => output.name === name);
    return {
      name,
      before: evaluationOf(before, name),
      after: evaluationOf(after, name),
      comparison:
        compared === undefined ? null : { ...compared, samples: comparison?.samples ?? 0 },
    };
  });
}

function evaluationOf(evaluation: Evaluation | null, name: string): Evaluation | null {
  const figures = evaluation?.outputs?.find((output) => output.name === name);
  return evaluation === null || figures === undefined
    ? null
    : { ...figures, samples: evaluation.samples };
}

/**
 * All measures: of the one output, or of each output under its name; then sizes, agreement and latency.
 * @param titles whether quality and sizes have headings of their own
 */
export function measureGroups(
  pair: ComparedPair,
  sizes: readonly MeasureRow[],
  titles: boolean,
): readonly MeasureGroup[] {
  const outputs = outputPairs(pair);
  const sizeGroup = { title: l10n.t('Size'), rows: sizes };
  if (outputs.length > 0) {
    return [...outputs.map(outputGroup), sizeGroup, ...latencyGroup(pair.comparison)];
  }
  const quality = qualityRows(pair);
  const compared = comparisonGroups(pair.comparison);
  if (!titles) return [{ title: null, rows: [...quality, ...sizes] }, ...compared];
  const qualityGroup = { title: l10n.t('Quality'), rows: quality };
  return [...(quality.length === 0 ? [] : [qualityGroup]), sizeGroup, ...compared];
}

function outputGroup(pair: NamedPair): MeasureGroup {
  return {
    title: l10n.t('Output {0}', pair.name),
    rows: [...qualityRows(pair), ...agreementOf(pair.comparison)],
  };
}

function agreementOf(comparison: OutputComparison | null): readonly MeasureRow[] {
  return comparison?.agreement === undefined ? [] : agreementRows(comparison.agreement);
}
