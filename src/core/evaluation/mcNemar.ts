import type { PairedTest } from './comparison';
import { EXACT_MCNEMAR_BELOW } from './limits';
import { complementaryError } from './normalDistribution';

/**
 * McNemar's test of two models on the same samples: whether one is right more often where they differ.
 * Exact (two-sided binomial) for few such samples, else chi-square with continuity correction.
 * Source: McNemar 1947; Edwards, Note on the correction for continuity, 1948.
 * @param before 1 where the first model is right, else 0
 * @param after of the second, in the same order
 */
export function mcNemarTest(before: ArrayLike<number>, after: ArrayLike<number>): PairedTest {
  let onlyBefore = 0;
  let onlyAfter = 0;
  for (let i = 0; i < before.length; i++) {
    if (before[i] === after[i]) continue;
    if (before[i] === 1) onlyBefore += 1;
    else onlyAfter += 1;
  }
  return mcNemarOfCounts(onlyBefore, onlyAfter);
}

/** The same, of the numbers of samples that only one of the models has right. */
export function mcNemarOfCounts(onlyBefore: number, onlyAfter: number): PairedTest {
  const discordant = { onlyBefore, onlyAfter };
  const count = onlyBefore + onlyAfter;
  if (count < EXACT_MCNEMAR_BELOW) {
    const pValue = exactPValue(Math.min(onlyBefore, onlyAfter), count);
    return { method: 'mcnemar-exact', pValue, discordant };
  }
  const chiSquare = Math.max(0, Math.abs(onlyBefore - onlyAfter) - 1) ** 2 / count;
  const pValue = complementaryError(Math.sqrt(chiSquare / 2));
  return { method: 'mcnemar-chi-square', pValue, discordant };
}

/** Twice the probability of at most `few` heads in `count` throws of a fair coin. */
function exactPValue(few: number, count: number): number {
  let ways = 1;
  let sum = 0;
  for (let heads = 0; heads <= few; heads++) {
    sum += ways;
    ways = (ways * (count - heads)) / (heads + 1);
  }
  return Math.min(1, (2 * sum) / 2 ** count);
}
