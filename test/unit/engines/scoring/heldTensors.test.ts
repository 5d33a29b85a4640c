// Scoring frees what it computes: after any number of batches, and where it ends early.
import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Criterion, CriterionOptions } from '../../../../src/core/criteria/criterion';
import { CancelledError } from '../../../../src/core/errors';
import { type JobControl, unattended } from '../../../../src/core/progress';
import { executableGraph } from '../../../../src/engines/runnableGraph';
import { scorerOf } from '../../../../src/engines/scoring/scorers';
import type { ScoringRun } from '../../../../src/engines/scoring/scoringRun';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import { loadData } from '../../../../src/node/data/loadData';
import { fixturePath } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';

interface Scored {
  readonly fixture: string;
  readonly data: ScoringRun['request']['data'];
  readonly tensors: readonly string[];
}

const DIGITS: Scored = {
  fixture: 'onnx/digits_mlp_legacy.onnx',
  data: {
    file: fixturePath('datasets/digits.npz'),
    split: 'train',
    rows: [0, 300],
    scale: 1 / 16,
  },
  tensors: ['fc1.weight', 'fc3.weight'],
};

const WAVES: Scored = {
  fixture: 'onnx/lstm_legacy.onnx',
  data: { file: fixturePath('datasets/waves.npz'), split: 'test', rows: [0, 3] },
  tensors: ['onnx::LSTM_109', 'fc.weight'],
};

const LENET: Scored = {
  fixture: 'onnx/lenet5_legacy.onnx',
  data: { file: fixturePath('datasets/mnist.npz'), split: 'test', rows: [0, 3], scale: 1 / 255 },
  tensors: ['conv1.weight', 'fc3.weight'],
};

const METHODS: readonly (readonly [Criterion, CriterionOptions])[] = [
  ['gradient', {}],
  ['taylor', { of: 'activations' }],
  ['fisher', {}],
  ['output-sensitivity', {}],
  ['obd', { hessian: 'gauss-newton' }],
  ['obd', { hessian: 'hutchinson', probes: 1 }],
  ['grasp', {}],
  ['activation-mean', {}],
  ['stability', {}],
  ['wanda', {}],
  ['sparsegpt', {}],
];

/** Of one sample a batch. */
async function openRun(
  t: TestContext,
  { fixture, data, tensors }: Scored,
  control: JobControl,
): Promise<ScoringRun> {
  const { model } = await openFixture(t, fixture);
  const graph = executableGraph(model);
  const dataset = await loadData(data, graph, undefined, unattended);
  const executor = await createTfjsExecutor(model, []);
  t.after(async () => {
    executor.dispose();
    await dataset.close();
  });
  return {
    request: {
      ...{ path: '', architecture: null, cuts: [], criterion: 'gradient', options: {}, tensors },
      ...{ data, seed: 3 },
    },
    ...{ model, graph, executor, dataset, batchSize: 1, fixedSize: null, control },
    tensors: model.tensors.filter(({ name }) => tensors.includes(name)),
    note: () => undefined,
  };
}

/** What the engine keeps for further batches of a size is held from now on. */
async function warmUp({ executor, dataset }: ScoringRun): Promise<void> {
  // Where nothing is differentiated all samples go at once.
  for (const count of [1, dataset.sampleCount]) {
    const { inputs } = await dataset.readBatch(0, count);
    await executor.run(inputs);
  }
}

async function score(run: ScoringRun, criterion: Criterion, options: CriterionOptions) {
  const own = { ...run, request: { ...run.request, criterion, options } };
  for await (const { values } of scorerOf(criterion)(own)) assert.ok(values.length > 0);
}

test('hundreds of batches leave no tensor behind', async (t) => {
  const run = await openRun(t, DIGITS, unattended);
  await warmUp(run);
  const held = tf.memory().numTensors;
  await score(run, 'gradient', {});
  assert.equal(tf.memory().numTensors, held);
});

for (const given of [LENET, WAVES]) {
  test(`no criterion leaves a tensor of ${given.fixture} behind`, async (t) => {
    const run = await openRun(t, given, unattended);
    await warmUp(run);
    for (const [criterion, options] of METHODS) {
      const held = tf.memory().numTensors;
      await score(run, criterion, options);
      assert.equal(tf.memory().numTensors, held, `${criterion} ${JSON.stringify(options)}`);
    }
  });
}

test('a cancel in the middle of a batch leaves no tensor behind', async (t) => {
  let looks = 0;
  let until = Infinity;
  const signal = {
    get aborted(): boolean {
      looks += 1;
      return looks > until;
    },
  };
  const run = await openRun(t, WAVES, { ...unattended, signal });
  await warmUp(run);
  for (const [criterion, options] of METHODS) {
    const held = tf.memory().numTensors;
    [looks, until] = [0, Infinity];
    await score(run, criterion, options);
    [looks, until] = [0, Math.floor(looks / 2)];
    await assert.rejects(score(run, criterion, options), CancelledError, criterion);
    assert.equal(tf.memory().numTensors, held, criterion);
  }
});
