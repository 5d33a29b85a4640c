import assert from 'node:assert/strict';
import test from 'node:test';
import { CancelledError } from '../../../src/core/errors';
import type { JobParams } from '../../../src/protocol/workerJob';
import { JobPool } from '../../../src/worker/jobPool';
import { ProcessEndedError } from '../../../src/worker/rpc/processEnd';
import { bundleEntry } from '../../helpers/bundleEntry';
import { isGone } from '../../helpers/isGone';

const SOURCE = 'test/unit/worker/troubledJob.ts';

function evaluation(path: string): JobParams<'evaluate'> {
  return { path, architecture: null, cuts: [], data: { file: 'data.npz' }, seed: 0 };
}

test('no more children run at a time than the pool allows, and all jobs are done', async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  const pool = new JobPool(2);
  let running = 0;
  let most = 0;
  const jobs = Array.from({ length: 5 }, async () => {
    const report = (): void => {
      running += 1;
      most = Math.max(most, running);
    };
    await pool.run('evaluate', evaluation('short'), { entry, report });
    running -= 1;
  });
  await Promise.all(jobs);
  assert.equal(most, 2);
});

test('a waiting job that is cancelled never starts, and gives its place up', async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  const pool = new JobPool(1);
  const first = pool.run('evaluate', evaluation('short'), { entry });
  const controller = new AbortController();
  let started = false;
  const waiting = pool.run('evaluate', evaluation('spin'), {
    entry,
    signal: controller.signal,
    report: () => {
      started = true;
    },
  });
  const third = pool.run('evaluate', evaluation('short'), { entry });
  controller.abort();
  await assert.rejects(waiting, CancelledError);
  await Promise.all([first, third]);
  assert.equal(started, false);
});

test('a child that dies leaves the jobs beside it alone and frees its place', async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  const pool = new JobPool(2);
  const children: number[] = [];
  const beside = pool.run('evaluate', evaluation('short'), {
    entry,
    report: ({ done }) => children.push(done),
  });
  await assert.rejects(pool.run('evaluate', evaluation('crash'), { entry }), ProcessEndedError);
  const later = pool.run('evaluate', evaluation('short'), { entry });
  assert.equal((await beside)?.samples, 1);
  assert.equal((await later)?.samples, 1);
  for (const child of children) assert.ok(await isGone(child));
});
