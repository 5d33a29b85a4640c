import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import type { Report } from '../../../src/core/report/report';
import type { SensitivityResult } from '../../../src/core/sweep/sensitivity';
import type { CommandedSweep } from '../../../src/cli/sweepCommand';
import { finished, secateur, startSecateur } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';

const model = fixturePath('onnx/digits_mlp_legacy.onnx');
const digits = ['--data', fixturePath('datasets/digits.npz'), '--split', 'test', '--scale', '16'];
const calibration = ['--calibration-split', 'train', '--calibration-sample', '200'];

test('a sweep writes its curves as JSON and csv, and the command of the best point makes that model', async (t) => {
  const folder = await temporaryFolder(t);
  const [json, csv] = [path.join(folder, 'curves.json'), path.join(folder, 'curves.csv')];
  const methods = [
    '--criteria',
    'magnitude,taylor,l2-norm@unit',
    '--sparsities',
    '0.3,0.6:0.8:0.1',
  ];
  const chosen = [...methods, '--seeds', '0,1', '--accuracy-drop', '0.03'];
  const result = await secateur(
    ...['sweep', model, ...chosen, ...digits, ...calibration],
    ...['--out', json, '--csv', csv, '--json'],
  );
  assert.equal(result.exitCode, 0, result.stderr);
  const sweep = JSON.parse(result.stdout) as CommandedSweep;
  assert.deepEqual(JSON.parse(await readFile(json, 'utf8')), sweep);
  assert.deepEqual(
    sweep.criteria.map(({ criterion, granularity, seeds }) => [
      criterion,
      granularity,
      seeds.length,
    ]),
    [
      ['magnitude', 'weight', 1],
      ['taylor', 'weight', 2],
      ['l2-norm', 'unit', 1],
    ],
  );
  const lines = (await readFile(csv, 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, 1 + 4 * (1 + 2 + 1));
  const best = sweep.bestOfEach.find(({ criterion }) => criterion === 'taylor')!;
  const output = path.join(folder, 'best.onnx');
  const words = best.command.split(' ').slice(1);
  words[words.indexOf('-o') + 1] = output;
  const pruned = await secateur(...words, '--json');
  assert.equal(pruned.exitCode, 0, pruned.stderr);
  const { totals, evaluation } = JSON.parse(pruned.stdout) as Report;
  const curve = sweep.criteria[1]!.seeds[0]!;
  const point = curve.points.find(({ sparsity }) => sparsity === best.sparsity)!;
  assert.equal(curve.samples, 200);
  assert.deepEqual([totals.zeros, evaluation!.after.correct], [point.zeros, point.correct]);
});

test('sensitivity tells each layer by itself', async () => {
  const options = ['--levels', '0.5,0.9', '--criterion', 'magnitude', '--json'];
  const result = await secateur('sensitivity', model, ...digits, ...options);
  assert.equal(result.exitCode, 0, result.stderr);
  const { layers, samples } = JSON.parse(result.stdout) as SensitivityResult;
  assert.equal(samples, 397);
  assert.deepEqual(
    layers.map(({ points, elementCount }) => [elementCount, points.map(({ zeros }) => zeros)]),
    [
      [4096, [2048, 3686]],
      [4096, [2048, 3686]],
      [640, [320, 576]],
    ],
  );
});

test('an interrupted sweep ends its children and leaves nothing behind', async (t) => {
  const folder = await temporaryFolder(t);
  const out = path.join(folder, 'curves.json');
  const child = startSecateur([
    ...['sweep', fixturePath('onnx/lenet5_legacy.onnx'), '--criteria', 'gradient,fisher'],
    ...['--data', fixturePath('datasets/mnist.npz'), '--split', 'test', '--scale', '255'],
    ...['--out', out],
  ]);
  const end = finished(child);
  const own = (name: string): boolean => name.includes(`-${child.pid}-`);
  // Once there is a folder for scores, a child is at work.
  while (!(await readdir(os.tmpdir())).some(own)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill('SIGINT');
  const { exitCode, stderr } = await end;
  assert.equal(exitCode, 130, stderr);
  assert.deepEqual(await readdir(folder), []);
  assert.deepEqual((await readdir(os.tmpdir())).filter(own), []);
});

const REFUSED = [
  ['without criteria', ['--sparsities', '0.5'], /--criteria/],
  ['with a criterion there is not', ['--criteria', 'best'], /"best"; allowed: magnitude/],
  ['with a granularity there is not', ['--criteria', 'magnitude@4:2'], /"4:2"/],
  ['with an output that it reads', ['--criteria', 'magnitude', '--out', model], /being read/],
] as const;

for (const [how, options, message] of REFUSED) {
  test(`a sweep ${how} ends with exit code 2`, async () => {
    const result = await secateur('sweep', model, ...options, ...digits);
    assert.equal(result.exitCode, 2, result.stderr);
    assert.match(result.stderr, message);
  });
}
