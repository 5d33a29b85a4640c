import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, cp, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { CancelledError, FormatError, UsageError } from '../../../src/core/errors';
import { encodeNpz } from '../../../src/core/formats/numpy/encodeNpz';
import { DEFAULT_RECIPE } from '../../../src/core/recipe/parseRecipe';
import type { Architecture, Recipe } from '../../../src/core/recipe/recipe';
import type { WorkerProgress, WorkerRequests } from '../../../src/protocol/hostWorker';
import { ForkedServer } from '../../../src/worker/rpc/forkedServer';
import { ProcessEndedError } from '../../../src/worker/rpc/processEnd';
import { bundleEntries } from '../../helpers/bundleEntry';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { isGone } from '../../helpers/isGone';
import { writeSparseModel } from '../../helpers/sparseModel';

type Worker = ForkedServer<WorkerRequests, WorkerProgress>;

/** The worker as it is shipped: its own bundle with the compute child's beside it. */
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

const irisArchitecture: Architecture = {
  axisOrder: 'in-out',
  layers: [
    { name: 'hidden', kernel: 'W1', bias: 'b1', activation: 'sigmoid' },
    { name: 'output', kernel: 'W2', bias: 'b2', activation: 'sigmoid' },
  ],
};

async function contentHash(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

test('openModel tells the header of a model in several files', async (t) => {
  const worker = await startWorker(t);
  const model = await worker.request('openModel', { path: fixturePath('tfjs/lenet5') });
  assert.equal(model.name, 'lenet5');
  assert.equal(model.path, fixturePath('tfjs/lenet5/model.json'));
  assert.equal(model.parameterCount, 61_706);
  assert.deepEqual(model.dtypes, ['float32']);
  assert.ok(model.executable);
  const layers = model.layers.map(({ name, prunable, isOutput }) => [name, prunable, isOutput]);
  assert.deepEqual(layers.at(0), ['conv1', true, false]);
  assert.deepEqual(layers.at(-1), ['fc3', true, true]);
});

test('a file of weights is executable with an architecture, and says why not without', async (t) => {
  const worker = await startWorker(t);
  const file = fixturePath('numpy/iris_mlp.npz');
  const bare = await worker.request('openModel', { path: file });
  assert.ok(!bare.executable);
  assert.notEqual(bare.notExecutableBecause, null);
  const model = await worker.request('openModel', { path: file, architecture: irisArchitecture });
  assert.ok(model.executable);
  assert.deepEqual(
    model.layers.map(({ name, isOutput }) => [name, isOutput]),
    [
      ['hidden', false],
      ['output', true],
    ],
  );
});

test('a broken file is a FormatError on this side too', async (t) => {
  const worker = await startWorker(t);
  const file = fixturePath('corrupt/st_truncated_data.safetensors');
  await assert.rejects(worker.request('openModel', { path: file }), FormatError);
});

test('statistics come tensor by tensor, and again when they are asked for again', async (t) => {
  const worker = await startWorker(t);
  const file = fixturePath('tfjs/lenet5/model.json');
  const read = async (): Promise<string[]> => {
    const tensors: string[] = [];
    const onProgress = (progress: WorkerProgress): void => {
      if (progress.kind === 'tensorStatistics') tensors.push(progress.statistics.tensor);
    };
    const result = await worker.request('readStatistics', { path: file }, { onProgress });
    assert.equal(result.tensorCount, tensors.length);
    return tensors;
  };
  const first = await read();
  assert.equal(first.length, 10);
  assert.deepEqual(await read(), first);
});

test('a plan takes exactly half, and pruning writes what was planned beside the original', async (t) => {
  const worker = await startWorker(t);
  const folder = await temporaryFolder(t);
  await cp(fixturePath('tfjs/lenet5'), path.join(folder, 'lenet5'), { recursive: true });
  const file = path.join(folder, 'lenet5/model.json');
  const before = await contentHash(path.join(folder, 'lenet5/weights.bin'));
  const plan = await worker.request('plan', { path: file, recipe: DEFAULT_RECIPE });
  assert.equal(plan.totals.zeros, Math.round(plan.totals.elementCount / 2));
  const output = path.join(folder, 'lenet5.pruned/model.json');
  const params = { path: file, recipe: DEFAULT_RECIPE, output, replace: false };
  const report = await worker.request('prune', params);
  assert.equal(report.output, output);
  assert.deepEqual(report.totals, plan.totals);
  assert.equal(await contentHash(path.join(folder, 'lenet5/weights.bin')), before);
  assert.deepEqual((await readdir(folder)).sort(), ['lenet5', 'lenet5.pruned']);
  await assert.rejects(worker.request('prune', params), UsageError);
});

test('evaluation runs in a child of its own, before and after', async (t) => {
  const worker = await startWorker(t);
  const data = {
    file: fixturePath('datasets/mnist.npz'),
    inputs: ['x_test'],
    labels: 'y_test',
    scale: 1 / 255,
  };
  const recipe: Recipe = { ...DEFAULT_RECIPE, data };
  const phases = new Set<string>();
  const { before, after, comparison } = await worker.request(
    'evaluate',
    { path: fixturePath('tfjs/lenet5/model.json'), recipe, data, planned: true },
    {
      onProgress: (progress) => {
        if (progress.kind === 'progress') phases.add(progress.report.phase);
      },
    },
  );
  assert.equal(before?.samples, 1000);
  // Keras 3.15.1 on the same weights and mask: oracles/pruning/keras_lenet5.json, global_50.
  assert.equal(before.correct, 963);
  assert.equal(after?.correct, 951);
  assert.equal(comparison?.differences[0]?.difference.toFixed(9), '-0.012000000');
  assert.ok(phases.has('evaluate-after'));
});

test('data is described for the model that it is to be used with', async (t) => {
  const worker = await startWorker(t);
  const view = await worker.request('describeData', {
    path: fixturePath('datasets/mnist.npz'),
    modelPath: fixturePath('tfjs/lenet5/model.json'),
  });
  assert.equal(view.kind, 'npz');
  assert.deepEqual(view.suggestion.inputs, ['x_test']);
  assert.equal(view.suggestion.labels, 'y_test');
});

test('a model that changed on disk is read anew', async (t) => {
  const worker = await startWorker(t);
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'model.npz');
  await copyFile(fixturePath('numpy/iris_mlp.npz'), file);
  const first = await worker.request('openModel', { path: file });
  await copyFile(fixturePath('numpy/iris_mlp_f32_torchlayout.npz'), file);
  await utimes(file, new Date(), new Date(Date.now() + 5000));
  const second = await worker.request('openModel', { path: file });
  assert.notDeepEqual(first.tensors, second.tensors);
});

test('the header of a 16 GB file is there within 300 ms', async (t) => {
  const worker = await startWorker(t);
  const file = path.join(await temporaryFolder(t), 'large.safetensors');
  await writeSparseModel(file, 2 ** 34);
  await worker.request('openModel', { path: fixturePath('numpy/iris_mlp.npz') });
  const start = performance.now();
  const model = await worker.request('openModel', { path: file });
  assert.ok(performance.now() - start < 300);
  assert.equal(model.tensors[0]?.elementCount, 2 ** 32);
});

test('cancelling in mid-prune takes effect within 200 ms and leaves nothing behind', async (t) => {
  const worker = await startWorker(t);
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'large.safetensors');
  await writeSparseModel(file, 2 ** 28);
  for (const phase of ['score', 'write']) {
    const controller = new AbortController();
    const output = path.join(folder, 'large.pruned.safetensors');
    let cancelled = 0;
    const pruning = worker.request(
      'prune',
      { path: file, recipe: DEFAULT_RECIPE, output, replace: false },
      {
        signal: controller.signal,
        onProgress: (progress) => {
          if (progress.kind !== 'progress' || progress.report.phase !== phase) return;
          if (cancelled === 0) cancelled = performance.now();
          controller.abort();
        },
      },
    );
    await assert.rejects(pruning, CancelledError);
    assert.ok(performance.now() - cancelled < 200);
    // What was being written is removed by the worker, which may take a moment longer.
    await worker.request('openModel', { path: fixturePath('numpy/iris_mlp.npz') });
    await waitFor(async () => (await readdir(folder)).length === 1);
  }
});

test('a worker killed in mid-prune leaves no output, and the next one clears up', async (t) => {
  const worker = await startWorker(t);
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'large.safetensors');
  await writeSparseModel(file, 2 ** 28);
  const output = path.join(folder, 'large.pruned.safetensors');
  const processId = worker.processId!;
  const params = { path: file, recipe: DEFAULT_RECIPE, output, replace: false };
  const pruning = worker.request('prune', params, {
    onProgress: (progress) => {
      if (progress.kind === 'progress' && progress.report.phase === 'write') {
        process.kill(processId, 'SIGKILL');
      }
    },
  });
  await assert.rejects(pruning, (error) => {
    assert.ok(error instanceof ProcessEndedError);
    assert.equal(error.message, 'the worker process was killed by SIGKILL');
    return true;
  });
  assert.ok(await isGone(processId));
  assert.ok(!(await readdir(folder)).includes('large.pruned.safetensors'));
  const next = await startWorker(t);
  await next.request('clearUp', { folder });
  assert.deepEqual(await readdir(folder), ['large.safetensors']);
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  assert.fail('the condition did not come true');
}

test('tensors in sight are measured first, each once', async (t) => {
  const worker = await startWorker(t);
  const tensors: string[] = [];
  const onProgress = (progress: WorkerProgress): void => {
    if (progress.kind === 'tensorStatistics') tensors.push(progress.statistics.tensor);
  };
  const path = fixturePath('tfjs/lenet5/model.json');
  const first = ['fc3/kernel', 'conv2/bias'];
  await worker.request('readStatistics', { path, first }, { onProgress });
  assert.deepEqual(tensors.slice(0, 3), [...first, 'conv1/kernel']);
  assert.equal(new Set(tensors).size, 10);
});

test('equal tensors are told by their bytes, not by their statistics', async (t) => {
  const worker = await startWorker(t);
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'twins.npz');
  const values = Float32Array.of(1, 2, 3, 4);
  const mirrored = Float32Array.of(4, 3, 2, 1);
  const arrays = Object.entries({ a: values, b: values, c: mirrored, d: mirrored });
  await writeFile(
    file,
    encodeNpz(arrays.map(([name, array]) => ({ name, shape: [4], values: array }))),
  );
  const candidates = [['a', 'b', 'c', 'd', 'gone']];
  const { groups } = await worker.request('findEqualTensors', { path: file, candidates });
  assert.deepEqual(groups, [
    { tensors: ['a', 'b'], shared: false },
    { tensors: ['c', 'd'], shared: false },
  ]);
});
