import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { secateur } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';

const ROWS = ['--rows', '0:48', '--scale', '16'];
const DATA = ['--data', fixturePath('datasets/digits.npz'), '--split', 'test', ...ROWS];

test('a sweep and sensitivity count what a mask takes towards every sparsity', async (t) => {
  const folder = await temporaryFolder(t);
  const mask = path.join(folder, 'mask.npz');
  const file = 'onnx/digits_mlp_legacy.onnx';
  const method = ['--criterion', 'random', '--sparsity', '0.3', '--save-mask', mask];
  const output = path.join(folder, 'masked.onnx');
  const masked = await secateur('prune', fixturePath(file), '-o', output, ...method);
  assert.equal(masked.exitCode, 0, masked.stderr);
  const levels = ['--sparsities', '0.2,0.6', '--criteria', 'magnitude,lamp'];
  const swept = await secateur(
    'sweep',
    ...[fixturePath(file), ...DATA, '--mask', mask, ...levels, '--json'],
  );
  assert.equal(swept.exitCode, 0, swept.stderr);
  const { criteria } = JSON.parse(swept.stdout) as {
    criteria: { seeds: { points: { zeros: number; elementCount: number }[] }[] }[];
  };
  for (const { seeds } of criteria) {
    const shares = seeds[0]!.points.map(({ zeros, elementCount }) => zeros / elementCount);
    assert.deepEqual(
      shares.map((share) => Math.round(1e3 * share)),
      [300, 600],
    );
  }
  const alone = await secateur(
    'sensitivity',
    ...[fixturePath(file), ...DATA, '--mask', mask],
    ...['--levels', '0.6', '--json'],
  );
  assert.equal(alone.exitCode, 0, alone.stderr);
  const { layers } = JSON.parse(alone.stdout) as {
    layers: { elementCount: number; points: { zeros: number }[] }[];
  };
  for (const { elementCount, points } of layers) {
    assert.equal(points[0]!.zeros, Math.round(0.6 * elementCount));
  }
});
