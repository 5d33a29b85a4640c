import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { CancelledError } from '../../../src/core/errors';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import type { SweepPart } from '../../../src/core/sweep/sweep';
import type { WorkerProgress, WorkerRequests } from '../../../src/protocol/hostWorker';
import { SCORES_PREFIX } from '../../../src/node/temporaryFolders';
import { ForkedServer } from '../../../src/worker/rpc/forkedServer';
import { bundleEntries } from '../../helpers/bundleEntry';
import { fixturePath } from '../../helpers/fixtures';
import { isGone } from '../../helpers/isGone';

type Worker = ForkedServer<WorkerRequests, WorkerProgress>;

async function startWorker(t: TestContext): Promise<Worker> {
  const folder = await bundleEntries(t, {
    worker: 'src/worker/main.ts',
    job: 'src/worker/job.ts',
  });
  const worker: Worker = new ForkedServer({
    entry: path.join(folder, 'worker.js'),
    process: 'worker',
    cancelGraceMs: 150,
    killAfterMs: 1000,
  });
  t.after(async () => {
    worker.dispose();
    await worker.ended;
  });
  return worker;
}

const modelFile = fixturePath('onnx/digits_mlp_legacy.onnx');
const data = { file: fixturePath('datasets/digits.npz'), split: 'test', scale: 1 / 16 };

/** The files of scores that the worker keeps now, with the times they were written at. */
async function keptScores({ processId }: Worker): Promise<readonly string[]> {
  const names = (await readdir(os.tmpdir())).filter(
    (name) => name.startsWith(SCORES_PREFIX) && name.includes(`-${processId}-`),
  );
  const times = names.map(async (name) => {
    const { mtimeMs } = await stat(path.join(os.tmpdir(), name, 'scores.npz'));
    return `${name} ${mtimeMs}`;
  });
  return (await Promise.all(times)).sort();
}

test('another sparsity, and evaluating what was planned, find no scores anew; they go with the worker', async (t) => {
  const worker = await startWorker(t);
  const recipe = parseRecipe({ criterion: 'taylor', data, sparsity: 0.5 }, 'the test');
  await worker.request('plan', { path: modelFile, recipe });
  const first = await keptScores(worker);
  assert.equal(first.length, 1);
  const further = { ...recipe, sparsity: 0.7 };
  const plan = await worker.request('plan', { path: modelFile, recipe: further });
  assert.equal(plan.totals.zeros, Math.round(0.7 * plan.totals.elementCount));
  const request = { path: modelFile, recipe: further, data, planned: true };
  const { after } = await worker.request('evaluate', request);
  assert.equal(after?.samples, 397);
  assert.deepEqual(await keptScores(worker), first);
  await worker.request('plan', { path: modelFile, recipe: { ...recipe, criterion: 'gradient' } });
  assert.equal((await keptScores(worker)).length, 2);
  worker.dispose();
  assert.ok(await isGone(worker.processId!));
  assert.deepEqual(await keptScores(worker), []);
});

test('the worker sweeps, tells parts on the way, and ends within moments of a cancel', async (t) => {
  const worker = await startWorker(t);
  const recipe = parseRecipe({ data }, 'the test');
  const request = {
    path: modelFile,
    recipe,
    methods: [{ criterion: 'magnitude' }, { criterion: 'lamp' }],
    sparsities: [0.5, 0.9],
    seeds: [0],
  } as const;
  const parts: SweepPart[] = [];
  const result = await worker.request('sweep', request, {
    onProgress: (progress) => {
      if (progress.kind === 'sweepPart') parts.push(progress.part);
    },
  });
  assert.deepEqual(
    result.criteria.map(({ seeds }) => seeds[0]?.points.length),
    [2, 2],
  );
  assert.equal(parts.flatMap(({ points }) => points).length, 4);
  const controller = new AbortController();
  const many = { ...request, sparsities: Array.from({ length: 100 }, (_, i) => i / 100) };
  const sweeping = worker.request('sweep', many, {
    signal: controller.signal,
    onProgress: (progress) => {
      if (progress.kind === 'progress' && progress.report.done > 0) controller.abort();
    },
  });
  await assert.rejects(sweeping, CancelledError);
});
