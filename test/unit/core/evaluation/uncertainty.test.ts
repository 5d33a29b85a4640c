// Expected numbers: SciPy 1.17.1 (oracles/evaluation/measures.json); BCa by scipy.stats.bootstrap.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrap, resampleCount } from '../../../../src/core/evaluation/bootstrap';
import { mcNemarOfCounts, mcNemarTest } from '../../../../src/core/evaluation/mcNemar';
import {
  complementaryError,
  normalQuantile,
  normalShareBelow,
} from '../../../../src/core/evaluation/normalDistribution';
import { quantileOfSorted } from '../../../../src/core/evaluation/quantile';
import { r2Statistic } from '../../../../src/core/evaluation/r2';
import {
  differenceStatistic,
  macroF1Statistic,
  meanStatistic,
  type SampleStatistic,
} from '../../../../src/core/evaluation/sampleStatistic';
import { createRandom } from '../../../../src/core/random';
import { readOracle } from '../../../helpers/fixtures';

interface BootstrapOracle {
  readonly values: readonly number[];
  readonly low: number;
  readonly high: number;
  readonly standard_error: number;
}

interface UncertaintyOracle {
  readonly mcnemar: readonly {
    readonly onlyBefore: number;
    readonly onlyAfter: number;
    readonly exact: number;
    readonly chi_square?: number;
  }[];
  readonly normal: Readonly<Record<'z' | 'cdf' | 'p' | 'ppf' | 'x' | 'erfc', readonly number[]>>;
  readonly bootstrap: Readonly<Record<'skewed' | 'share' | 'difference', BootstrapOracle>>;
}

async function expectations(): Promise<UncertaintyOracle> {
  return (await readOracle('evaluation/measures')) as UncertaintyOracle;
}

test('McNemar’s test is exact below 25 differing samples and chi-square from there', async () => {
  const oracle = await expectations();
  for (const { onlyBefore, onlyAfter, exact, chi_square: chiSquare } of oracle.mcnemar) {
    const found = mcNemarOfCounts(onlyBefore, onlyAfter);
    const few = onlyBefore + onlyAfter < 25;
    assert.equal(found.method, few ? 'mcnemar-exact' : 'mcnemar-chi-square');
    assertClose(found.pValue, few ? exact : chiSquare!, 1e-12);
    assert.deepEqual(found.discordant, { onlyBefore, onlyAfter });
  }
});

test('McNemar’s test counts the samples that one model alone has right', () => {
  const found = mcNemarTest([1, 1, 0, 0, 1], [1, 0, 1, 0, 0]);
  assert.deepEqual(found.discordant, { onlyBefore: 2, onlyAfter: 1 });
});

test('the normal distribution is SciPy’s to twelve digits, in the tails, too', async () => {
  const oracle = await expectations();
  const { z, cdf, p, ppf, x, erfc } = oracle.normal;
  z.forEach((one, i) => assertClose(normalShareBelow(one), cdf[i]!, 1e-12));
  p.forEach((one, i) => assertClose(normalQuantile(one), ppf[i]!, 1e-11));
  x.forEach((one, i) => assertClose(complementaryError(one), erfc[i]!, 1e-12));
  assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
});

test('intervals lie about SciPy’s BCa intervals: 25 of them, within a tenth of a standard error', async () => {
  const oracle = await expectations();
  const seeds = Array.from({ length: 25 }, (_, seed) => seed);
  for (const { values, low, high, standard_error: error } of Object.values(oracle.bootstrap)) {
    const statistic = meanStatistic(values);
    const found = seeds.map((seed) => bootstrap([statistic], values.length, seed)[0]!.interval);
    const mean = (end: 'low' | 'high') =>
      found.reduce((sum, interval) => sum + interval[end], 0) / found.length;
    assert.ok(Math.abs(mean('low') - low) <= error / 10, `${mean('low')}, ${low}`);
    assert.ok(Math.abs(mean('high') - high) <= error / 10, `${mean('high')}, ${high}`);
  }
});

test('the same seed gives the same interval and another seed one like it', async () => {
  const oracle = await expectations();
  const { values } = oracle.bootstrap.skewed;
  const of = (seed: number) => bootstrap([meanStatistic(values)], values.length, seed)[0];
  assert.deepEqual(of(5), of(5));
  assert.notDeepEqual(of(5), of(6));
});

test('an interval of samples that are all alike is that one value', () => {
  const [found] = bootstrap([meanStatistic(new Float64Array(30).fill(0.25))], 30, 0);
  assert.deepEqual(found?.interval, { low: 0.25, high: 0.25 });
});

test('a difference of nothing is not significant, and one of all samples is', async () => {
  const oracle = await expectations();
  const values = Float64Array.from(oracle.bootstrap.difference.values);
  const same = differenceStatistic(meanStatistic(values), meanStatistic(values));
  assert.equal(bootstrap([same], values.length, 0)[0]?.pValue, 1);
  const shifted = meanStatistic(values.map((value, i) => value + 0.5 + (i % 2) / 10));
  const [found] = bootstrap(
    [differenceStatistic(meanStatistic(values), shifted)],
    values.length,
    0,
  );
  assert.ok((found?.pValue ?? 1) < 0.002);
  assert.ok(Math.abs((found?.interval.low ?? 0) - 0.55) < 0.02);
});

test('leaving a sample out gives what the statistic is of the others', () => {
  const random = createRandom(11);
  const draw = (limit: number) => Array.from({ length: 40 }, () => random.below(limit));
  const [labels, predicted] = [draw(4), draw(4)];
  const pairsOf = (samples: readonly number[]) => ({
    width: 2,
    squaredErrors: Float64Array.from(samples.flatMap((i) => [labels[i]!, predicted[i]!])),
    expected: Float64Array.from(samples.flatMap((i) => [1000 + predicted[i]!, labels[i]!])),
  });
  const kinds: ((samples: readonly number[]) => SampleStatistic)[] = [
    (samples) => meanStatistic(samples.map((i) => labels[i]!)),
    (samples) =>
      macroF1Statistic(
        samples.map((i) => labels[i]!),
        samples.map((i) => predicted[i]!),
        4,
      ),
    (samples) => r2Statistic(pairsOf(samples)),
  ];
  const all = labels.map((_, i) => i);
  for (const kind of kinds) {
    const statistic = kind(all);
    assertClose(statistic.ofDrawn(Uint32Array.from(all, () => 1)), statistic.value, 1e-12);
    const times = Uint32Array.from(all, (i) => i % 3);
    const repeated = all.flatMap((i) => new Array<number>(times[i]!).fill(i));
    assertClose(statistic.ofDrawn(times), kind(repeated).value, 1e-9);
    for (const left of [0, 17, 39]) {
      const others = all.filter((i) => i !== left);
      assertClose(statistic.without(left), kind(others).value, 1e-9);
      const once = Uint32Array.from(all, (i) => (i === left ? 0 : 1));
      assertClose(statistic.ofDrawn(once), kind(others).value, 1e-9);
    }
  }
});

test('very many samples get fewer resamples', () => {
  assert.deepEqual([1000, 50_000, 1e6, 1e9].map(resampleCount), [2000, 2000, 200, 200]);
});

test('quantiles lie between neighbours in proportion', () => {
  assert.equal(quantileOfSorted([1, 2, 4], 0.75), 3);
  assert.deepEqual(
    [0, 1].map((share) => quantileOfSorted([1, 2, 4], share)),
    [1, 4],
  );
});

function assertClose(found: number, expected: number, relative: number): void {
  const allowed = Math.max(relative * Math.abs(expected), 1e-17);
  assert.ok(Math.abs(found - expected) <= allowed, `${found}, expected ${expected}`);
}
