import type { ScoredArray, ScoringRun } from './scoringRun';

/** Passes scores on, and says of which arrays some do not rank: NaN and infinite ones are never pruned. */
export async function* noteUnranked(
  run: Pick<ScoringRun, 'note'>,
  arrays: AsyncIterable<ScoredArray>,
): AsyncGenerator<ScoredArray> {
  for await (const array of arrays) {
    const count = nonFiniteCount(array.values);
    if (count > 0) {
      run.note(
        `${array.name}: ${count} of ${array.values.length} scores are NaN or infinite; what has them is never pruned`,
      );
    }
    yield array;
  }
}

function nonFiniteCount(values: ScoredArray['values']): number {
  let count = 0;
  for (const value of values) if (!Number.isFinite(value)) count += 1;
  return count;
}
