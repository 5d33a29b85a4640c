import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Latency, LatencyComparison } from '../../core/evaluation/comparison';
import { quantileOfSorted } from '../../core/evaluation/quantile';
import { type JobControl, throwIfCancelled } from '../../core/progress';
import type { RunnablePair } from './compareFiles';
import type { Runnable } from './openRunnable';
import { runBatch } from './runBatches';

/** The first runs compile, allocate and fill caches. */
const WARM_UP_ROUNDS = 3;

/** So many that the 95th percentile is no single outlier. */
const MAX_ROUNDS = 50;

/** Fewer say nothing. */
const MIN_ROUNDS = 5;

/** Of both models with one batch size; a slow model gets fewer rounds. */
const BUDGET_MS = 600;

/**
 * Times both models in turn (A B A B …), with one sample a run and with `batchSize`; a network that takes
 * batches of one size only is timed with that alone.
 */
export async function measureLatency(
  pair: RunnablePair,
  batchSize: number,
  control: JobControl,
): Promise<readonly LatencyComparison[]> {
  const available = Math.min(batchSize, pair.before.dataset.sampleCount);
  const sizes = available === 1 ? [1] : [1, available];
  const measured: LatencyComparison[] = [];
  for (const size of sizes) measured.push(await measureInTurn(pair, size, control));
  return measured;
}

async function measureInTurn(
  { before, after }: RunnablePair,
  batchSize: number,
  control: JobControl,
): Promise<LatencyComparison> {
  const runs = [await timedRun(before, batchSize), await timedRun(after, batchSize)] as const;
  const times: [number[], number[]] = [[], []];
  const deadline = performance.now() + BUDGET_MS;
  for (let round = 0; round < WARM_UP_ROUNDS + MAX_ROUNDS; round++) {
    const counted = round - WARM_UP_ROUNDS;
    if (counted >= MIN_ROUNDS && performance.now() > deadline) break;
    await nextTurn();
    throwIfCancelled(control.signal);
    for (const [which, run] of runs.entries()) {
      const milliseconds = await run(control);
      if (counted >= 0) times[which]?.push(milliseconds);
    }
  }
  const [first, second] = times;
  return {
    batchSize,
    rounds: first.length,
    before: summarize(first),
    after: summarize(second),
  };
}

/** A run of the first samples that tells how many milliseconds it took. */
async function timedRun(
  { executor, dataset, plan }: Runnable,
  sampleCount: number,
): Promise<(control: JobControl) => Promise<number>> {
  const batch = await dataset.readBatch(0, sampleCount);
  return async (control) => {
    const start = performance.now();
    await runBatch(executor, { batch, sampleCount }, plan, control);
    return performance.now() - start;
  };
}

function summarize(milliseconds: readonly number[]): Latency {
  const sorted = Float64Array.from(milliseconds).sort();
  return { p50Ms: quantileOfSorted(sorted, 0.5), p95Ms: quantileOfSorted(sorted, 0.95) };
}
