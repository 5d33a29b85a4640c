import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Report } from '../../../src/core/report/report';
import { type CommandResult, secateur } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';

const lenet5 = fixturePath('onnx/lenet5_legacy.onnx');
const digits = fixturePath('onnx/digits_mlp_legacy.onnx');
const data = fixturePath('datasets/digits.npz');

const rows = ['--data', data, '--split', 'test', '--rows', '0:64', '--scale', '0.0625'];

function reportOf(result: CommandResult): Report {
  assert.equal(result.exitCode, 0, result.stderr);
  return JSON.parse(result.stdout) as Report;
}

test('--macs leaves at most that share of the multiply-accumulates', async () => {
  const report = reportOf(await secateur('plan', lenet5, '--macs', '0.4', '--json'));
  // Of each weight: its positions.
  const uses = [784, 100, 1, 1, 1];
  const left = report.layers.reduce(
    (sum, { elementCount, zerosAfter }, i) => sum + (elementCount - zerosAfter) * uses[i]!,
    0,
  );
  assert.ok(left <= 0.4 * 416_520 && left > 0.4 * 416_520 - 784, String(left));
});

test('--max-bytes makes the packed model fit, and says by how much it cannot', async () => {
  const report = reportOf(await secateur('plan', lenet5, '--max-bytes', '40000', '--json'));
  assert.ok(report.totals.sparsity > 0.8);
  const tooSmall = await secateur('plan', lenet5, '--max-bytes', '100');
  assert.equal(tooSmall.exitCode, 5);
  assert.match(tooSmall.stderr, /packed bytes: at most 100 are to be left/);
});

test('--std-factor, --allocation and --max-layer-sparsity reach the plan', async () => {
  const byDeviation = reportOf(await secateur('plan', lenet5, '--std-factor', '1', '--json'));
  assert.ok(byDeviation.layers.every(({ threshold }) => threshold !== null && threshold > 0));
  const options = ['--sparsity', '0.8', '--allocation', 'uniform-plus', '--json'];
  const [first, ...others] = reportOf(await secateur('plan', lenet5, ...options)).layers;
  assert.equal(first?.zerosAfter, 0);
  assert.ok(others.every(({ zerosAfter }) => zerosAfter > 0));
  const limited = reportOf(
    await secateur('plan', lenet5, '--sparsity', '0.8', '--max-layer-sparsity', '0.82', '--json'),
  );
  assert.equal(limited.totals.zeros, Math.round(0.8 * limited.totals.elementCount));
  for (const { zerosAfter, elementCount } of limited.layers) {
    assert.ok(zerosAfter <= 0.82 * elementCount + 0.5);
  }
});

test('contradictions are usage errors', async () => {
  const result = await secateur('plan', lenet5, '--threshold', '0.1', '--allocation', 'erk');
  assert.equal(result.exitCode, 2);
  assert.match(result.stderr, /allocation erk: found it with threshold/);
});

test('--schedule scores the network anew at every step and ends with as many as at once', async () => {
  const options = ['--criterion', 'taylor', '--sparsity', '0.7', ...rows, '--json'];
  const atOnce = reportOf(await secateur('plan', digits, ...options));
  const stepped = reportOf(await secateur('plan', digits, ...options, '--schedule', 'agp:3'));
  assert.equal(stepped.totals.zeros, atOnce.totals.zeros);
  assert.equal(stepped.scored?.samples, 64);
  assert.notDeepEqual(
    stepped.layers.map(({ threshold }) => threshold),
    atOnce.layers.map(({ threshold }) => threshold),
  );
});

test('--schedule one-shot wins over the schedule of a recipe', async (t) => {
  const recipe = path.join(await temporaryFolder(t), 'a.prune.json');
  const schedule = { kind: 'agp', steps: 3 };
  await writeFile(recipe, JSON.stringify({ criterion: 'taylor', sparsity: 0.7, schedule }));
  const options = ['--recipe', recipe, ...rows, '--json'];
  const once = reportOf(await secateur('plan', digits, ...options, '--schedule', 'one-shot'));
  const plain = reportOf(
    await secateur('plan', digits, '--criterion', 'taylor', '--sparsity', '0.7', ...rows, '--json'),
  );
  assert.deepEqual(once.layers, plain.layers);
  const wrong = await secateur('plan', digits, '--schedule', 'agp:many');
  assert.equal(wrong.exitCode, 2);
  assert.match(wrong.stderr, /schedule: steps/);
});

test('--allocation sensitivity gives the layers budgets by what each alone costs', async () => {
  const options = ['--allocation', 'sensitivity', '--sparsity', '0.6', ...rows, '--json'];
  const report = reportOf(await secateur('plan', digits, ...options));
  assert.equal(report.totals.zeros, Math.round(0.6 * report.totals.elementCount));
  const shares = report.layers.map(({ zerosAfter, elementCount }) => zerosAfter / elementCount);
  assert.ok(new Set(shares).size > 1, 'not all alike');
});
