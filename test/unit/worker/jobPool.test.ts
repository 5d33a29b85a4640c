import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { CancelledError } from '../../../src/core/errors';
import type { JobParams } from '../../../src/protocol/workerJob';
import { JobPool } from '../../../src/worker/jobPool';
import { ProcessEndedError } from '../../../src/worker/rpc/processEnd';
import { bundleEntry } from '../../helpers/bundleEntry';
import { temporaryFolder } from '../../helpers/fixtures';
import { isGone } from '../../helpers/isGone';

const SOURCE = 'test/unit/worker/troubledJob.ts';

function evaluation(path: string): JobParams<'evaluate'> {
  return { path, architecture: null, cuts: [], data: { file: 'data.npz' }, seed: 0 };
}

test('no more children run at a time than the pool allows, and all jobs are done', async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  const flag = path.join(await temporaryFolder(t), 'go');
  const pool = new JobPool(2);
  const children: number[] = [];
  const jobs = Array.from({ length: 5 }, () =>
    pool.run(
      'evaluate',
      { ...evaluation('until'), data: { file: flag } },
      { entry, report: ({ done }) => children.push(done) },
    ),
  );
  while (children.length < 2) await setTimeout(20);
  await setTimeout(300);
  assert.equal(children.length, 2, 'a third child would have started by now');
  await writeFile(flag, '');
  await Promise.all(jobs);
  assert.equal(new Set(children).size, 5);
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
