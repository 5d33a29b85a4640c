import assert from 'node:assert/strict';
import test from 'node:test';
import { CancelledError, UnsupportedError } from '../../../src/core/errors';
import type { JobParams } from '../../../src/protocol/workerJob';
import { runJob } from '../../../src/worker/jobClient';
import { ProcessEndedError } from '../../../src/worker/rpc/processEnd';
import { bundleEntry } from '../../helpers/bundleEntry';
import { isGone } from '../../helpers/isGone';

const SOURCE = 'test/unit/worker/troubledJob.ts';

function evaluation(path: string): JobParams<'evaluate'> {
  return { path, architecture: null, cuts: [], data: { file: 'data.npz' }, seed: 0 };
}

test('a cancelled job is rejected within 200 ms and its busy child is killed', async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  const controller = new AbortController();
  const childId = await new Promise<number>((resolve, reject) => {
    const job = runJob('evaluate', evaluation('spin'), {
      entry,
      signal: controller.signal,
      report: ({ done }) => resolve(done),
    });
    job.catch(reject);
    t.after(() => assert.rejects(job, CancelledError));
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  const second = runJob('evaluate', evaluation('spin'), { entry, signal: controller.signal });
  const cancelled = performance.now();
  controller.abort();
  await assert.rejects(second, CancelledError);
  assert.ok(performance.now() - cancelled < 200);
  assert.ok(await isGone(childId));
});

test('a job whose child dies is rejected with what killed it', async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  await assert.rejects(runJob('evaluate', evaluation('crash'), { entry }), (error) => {
    assert.ok(error instanceof ProcessEndedError);
    assert.deepEqual(error.end, { process: 'job', reason: 'signal', detail: 'SIGKILL' });
    assert.equal(error.message, 'the compute process was killed by SIGKILL');
    return true;
  });
});

test('a job whose child died is tried once more with half the batch', async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  const children = new Set<number>();
  const lines: string[] = [];
  const found = await runJob('evaluate', evaluation('crash once'), {
    entry,
    report: ({ done }) => children.add(done),
    onLine: (line) => lines.push(line),
  });
  assert.equal(found?.samples, 2);
  assert.ok(lines.some((line) => line.includes('killed by SIGKILL; trying again')));
  for (const child of children) assert.ok(await isGone(child));
});

test('a job that says it has no memory is tried once more, too', async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  const found = await runJob('evaluate', evaluation('no memory once'), { entry });
  assert.equal(found?.samples, 2);
});

test("a job's own error arrives as the class that it threw", async (t) => {
  const entry = await bundleEntry(t, SOURCE);
  const params = { path: 'm', architecture: null, inputs: 'x.npz', output: 'y.npz' };
  await assert.rejects(runJob('run', params, { entry }), UnsupportedError);
});
