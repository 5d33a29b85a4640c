import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { encodeNpz } from '../../../../src/core/formats/numpy/encodeNpz';
import { CancelledError, UsageError } from '../../../../src/core/errors';
import type { EvaluatedModel } from '../../../../src/core/evaluation/evaluateRequest';
import { type JobControl, unattended } from '../../../../src/core/progress';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import type { PlanEntry } from '../../../../src/core/report/plan';
import { compareFiles } from '../../../../src/engines/jobs/compareFiles';
import { evaluateFile } from '../../../../src/engines/jobs/evaluateFile';
import { writeFileAtomically } from '../../../../src/node/writeFileAtomically';
import { evaluatedFile } from '../../../helpers/evaluatedFile';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';

const mnist: DataRecipe = {
  file: fixturePath('datasets/mnist.npz'),
  split: 'test',
  scale: 1 / 255,
  rows: [0, 300],
};

function model(fixture: string, cuts: readonly PlanEntry[] = []): EvaluatedModel {
  return { path: fixturePath(fixture), architecture: null, cuts };
}

/** All weights of a tensor up to a threshold. */
function cut(tensor: string, threshold: number): PlanEntry {
  return {
    layer: tensor,
    tensor,
    bias: null,
    criterion: 'magnitude',
    cut: { threshold, tieLimit: 1e9, unitMap: null, zeroedUnits: [] },
    elementCount: 48_000,
    zerosBefore: 0,
    zerosAfter: 0,
    nonFinite: 0,
    overridden: false,
  };
}

const terms = { data: mnist, seed: 3, latency: false };

test('two models get the figures that each gets by itself, and their exact difference', async () => {
  const before = model('tfjs/lenet5');
  const after = model('tfjs/lenet5', [cut('fc1/kernel', 0.1)]);
  const compared = await compareFiles({ before, after, ...terms }, unattended);
  assert.deepEqual(compared.before, await evaluateFile({ ...before, ...terms }, unattended));
  assert.deepEqual(compared.after, await evaluateFile({ ...after, ...terms }, unattended));
  const [accuracy, ...rest] = compared.comparison.differences;
  const [from, to] = [compared.before?.correct ?? NaN, compared.after?.correct ?? NaN];
  assert.equal(accuracy?.measure, 'accuracy');
  assert.ok(Math.abs(accuracy.difference - (to - from) / 300) < 1e-12);
  const { onlyBefore = NaN, onlyAfter = NaN } = accuracy.test.discordant ?? {};
  assert.equal(onlyAfter - onlyBefore, to - from);
  for (const { difference, interval } of rest) {
    assert.ok(interval.low <= difference && difference <= interval.high);
  }
});

test('one network in two formats agrees with itself and differs by nothing', async () => {
  const request = { before: model('keras/lenet5.keras'), after: model('tfjs/lenet5'), ...terms };
  const { agreement, differences } = (await compareFiles(request, unattended)).comparison;
  assert.equal(agreement?.top1, 1);
  assert.ok(agreement.maxAbsDifference <= 1e-5);
  assert.ok((agreement.klDivergence ?? 1) < 1e-9);
  assert.equal(differences[0]?.difference, 0);
  assert.equal(differences[0].test.pValue, 1);
});

test('models that take samples in different forms get the same samples', async () => {
  const request = {
    before: model('onnx/lenet5_legacy.onnx'),
    after: model('keras/lenet5.keras'),
    ...terms,
  };
  const compared = await compareFiles(request, unattended);
  const alone = await evaluatedFile({ ...request.before, ...terms }, unattended);
  assert.equal(compared.before?.correct, alone.correct);
  assert.equal(compared.comparison.agreement?.klDivergence !== undefined, true);
});

test('without labels outputs are compared all the same, and nothing else', async (t) => {
  const data = { file: await unlabelledDigits(t), inputs: ['x'] };
  const before = model('tfjs/digits_mlp');
  const request = { before, after: model('keras/digits_mlp.keras'), ...terms, data };
  const compared = await compareFiles(request, unattended);
  assert.deepEqual([compared.before, compared.after], [null, null]);
  assert.deepEqual(compared.comparison.differences, []);
  assert.equal(compared.comparison.agreement?.top1, 1);
  assert.equal(await evaluateFile({ ...before, ...terms, data }, unattended), null);
});

test('latency is measured of both, with one sample and with a batch', async () => {
  const request = { before: model('tfjs/lenet5'), after: model('tfjs/lenet5'), ...terms };
  const { comparison } = await compareFiles({ ...request, latency: true }, unattended);
  const [single, batch] = comparison.latency ?? [];
  assert.equal(single?.batchSize, 1);
  assert.ok((batch?.batchSize ?? 0) > 1);
  for (const { rounds, before, after } of comparison.latency ?? []) {
    assert.ok(rounds >= 5);
    for (const { p50Ms, p95Ms } of [before, after]) assert.ok(p50Ms > 0 && p95Ms >= p50Ms);
  }
});

test('a comparison is stopped between batches when it is cancelled', async () => {
  const controller = new AbortController();
  const request = { before: model('tfjs/lenet5'), after: model('tfjs/lenet5'), ...terms };
  const control: JobControl = {
    signal: controller.signal,
    report: ({ done }) => {
      if (done > 0) controller.abort();
    },
  };
  await assert.rejects(compareFiles(request, control), CancelledError);
});

test('labels that one of the models cannot be measured by are refused with both numbers', async () => {
  const data = { file: fixturePath('datasets/iris.csv') };
  const request = { before: model('tfjs/lenet5'), after: model('tfjs/lenet5'), ...terms, data };
  await assert.rejects(compareFiles(request, unattended), UsageError);
});

test('a smaller batch gives the same figures', async () => {
  const whole = await evaluateFile({ ...model('tfjs/lenet5'), ...terms }, unattended);
  const parts = await evaluateFile(
    { ...model('tfjs/lenet5'), ...terms, batchDivisor: 3 },
    unattended,
  );
  assert.equal(parts?.correct, whole?.correct);
  assert.ok(Math.abs((parts?.loss ?? NaN) - (whole?.loss ?? NaN)) < 1e-6);
});

async function unlabelledDigits(t: TestContext): Promise<string> {
  const file = path.join(await temporaryFolder(t), 'digits.npz');
  const values = Float32Array.from({ length: 20 * 64 }, (_, i) => ((i * 7919) % 17) / 16);
  await writeFileAtomically(file, encodeNpz([{ name: 'x', shape: [20, 64], values }]));
  return file;
}
