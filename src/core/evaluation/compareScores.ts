import { bootstrap } from './bootstrap';
import type { PairedDifference, PairedTest } from './comparison';
import type { MeasureName } from './evaluation';
import { mcNemarTest } from './mcNemar';
import type { Measure } from './measure';
import type { SampleScores } from './sampleScores';
import { differenceStatistic } from './sampleStatistic';
import { scoreStatistics } from './scoreStatistics';

/** What one model's output scored, and how it was measured. */
export interface MeasuredScores {
  readonly scores: SampleScores;
  readonly measure: Measure;
}

/**
 * The figures that both models have, after minus before: shares of hits by McNemar's test, the rest by a
 * paired bootstrap, which draws the same samples for both.
 */
export function compareScores(
  before: MeasuredScores,
  after: MeasuredScores,
  seed: number,
): readonly PairedDifference[] {
  const [first, second] = [scoreStatistics(before), scoreStatistics(after)];
  const sameLoss = before.measure.loss === after.measure.loss;
  const names = (Object.keys(first) as MeasureName[]).filter(
    (name) => second[name] !== undefined && (name !== 'loss' || sameLoss),
  );
  const differences = names.flatMap((measure) => {
    const [from, to] = [first[measure], second[measure]];
    return from === undefined || to === undefined
      ? []
      : [{ measure, statistic: differenceStatistic(from, to) }];
  });
  const found = bootstrap(
    differences.map(({ statistic }) => statistic),
    before.scores.squaredError.length,
    seed,
  );
  return differences.flatMap(({ measure, statistic }, i) => {
    const result = found[i];
    if (result === undefined) return [];
    const test = hitsTest(measure, before.scores, after.scores);
    return {
      measure,
      difference: statistic.value,
      interval: result.interval,
      test: test ?? { method: 'bootstrap', pValue: result.pValue },
    };
  });
}

function hitsTest(
  measure: MeasureName,
  before: SampleScores,
  after: SampleScores,
): PairedTest | null {
  if (measure === 'accuracy' && before.hits !== null && after.hits !== null) {
    return mcNemarTest(before.hits, after.hits);
  }
  if (measure === 'topK' && before.topHits !== null && after.topHits !== null) {
    return mcNemarTest(before.topHits, after.topHits);
  }
  return null;
}
