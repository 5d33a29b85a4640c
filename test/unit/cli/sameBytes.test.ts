import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Report } from '../../../src/core/report/report';
import { secateur } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { filesOf } from '../../helpers/modelFixtures';

const ROWS = ['--rows', '0:48', '--scale', '16'];
const DATA = ['--data', fixturePath('datasets/digits.npz'), '--split', 'test', ...ROWS];
const HALF = ['--sparsity', '0.5'];

const METHODS: readonly (readonly [what: string, file: string, options: readonly string[]])[] = [
  ['random', 'keras/digits_mlp.keras', ['--criterion', 'random', ...HALF]],
  ['taylor', 'onnx/digits_mlp_legacy.onnx', ['--criterion', 'taylor', ...HALF, ...DATA]],
  ['stability', 'onnx/digits_mlp_legacy.onnx', ['--criterion', 'stability', ...HALF, ...DATA]],
  ['2:4', 'pytorch/digits_mlp_state.pt', ['--granularity', '2:4']],
  ['whole units', 'tfjs/digits_mlp', ['--granularity', 'unit', ...HALF]],
];

async function prune(file: string, output: string, options: readonly string[]): Promise<Report> {
  const { exitCode, stdout, stderr } = await secateur(
    'prune',
    fixturePath(file),
    ...['-o', output, ...options, '--json'],
  );
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout) as Report;
}

for (const [what, file, options] of METHODS) {
  test(`${what}: the same file, recipe and seed give the same bytes`, async (t) => {
    const folder = await temporaryFolder(t);
    const written: Map<string, Buffer>[] = [];
    for (const run of ['a', 'b']) {
      const output = path.join(folder, run, path.basename(file));
      await prune(file, output, [...options, '--seed', '7']);
      written.push(await filesOf(output));
    }
    assert.deepEqual(written[0], written[1]);
    assert.notDeepEqual(written[0], await filesOf(fixturePath(file)));
  });
}

test('random: another seed takes other weights, and as many', async (t) => {
  const folder = await temporaryFolder(t);
  const [, file, options] = METHODS[0]!;
  const zeros: number[] = [];
  const written: Map<string, Buffer>[] = [];
  for (const seed of ['1', '2']) {
    const output = path.join(folder, seed, path.basename(file));
    zeros.push((await prune(file, output, [...options, '--seed', seed])).totals.zeros);
    written.push(await filesOf(output));
  }
  assert.equal(zeros[0], zeros[1]);
  assert.notDeepEqual(written[0], written[1]);
});

test('taylor in five steps of any schedule zeroes as many weights of a file as at once', async (t) => {
  const folder = await temporaryFolder(t);
  const file = 'onnx/digits_mlp_legacy.onnx';
  const options = ['--criterion', 'taylor', '--sparsity', '0.7', ...DATA];
  const atOnce = await prune(file, path.join(folder, 'once.onnx'), options);
  for (const kind of ['linear', 'agp', 'cosine', 'exponential']) {
    const schedule = ['--schedule', `${kind}:5`];
    const stepped = await prune(file, path.join(folder, `${kind}.onnx`), [...options, ...schedule]);
    assert.equal(stepped.totals.zeros, atOnce.totals.zeros, kind);
  }
});
