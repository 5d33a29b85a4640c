// What a command reads it never writes over, whatever option names it.
import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { secateur } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';

const lenet5 = fixturePath('onnx/lenet5_external.onnx');

interface Files {
  readonly recipe: string;
  readonly data: string;
  readonly mask: string;
  readonly model: string;
  readonly external: string;
}

async function filesIn(t: TestContext): Promise<Files> {
  const folder = await temporaryFolder(t);
  const place = (name: string): string => path.join(folder, name);
  const files = {
    recipe: place('r.prune.json'),
    data: place('d.npz'),
    mask: place('m.npz'),
    model: place('lenet5_external.onnx'),
    external: place('lenet5_external.onnx.data'),
  };
  await copyFile(lenet5, files.model);
  await copyFile(`${lenet5}.data`, files.external);
  await copyFile(fixturePath('datasets/mnist.npz'), files.data);
  const data = { file: files.data, split: 'test', scale: 1 / 255, rows: [0, 8] };
  await writeFile(files.recipe, JSON.stringify({ model: files.model, sparsity: 0.5, data }));
  const masked = await secateur(
    'plan',
    files.model,
    '--sparsity',
    '0.5',
    '--save-mask',
    files.mask,
  );
  assert.equal(masked.exitCode, 0, masked.stderr);
  return files;
}

test('no output of a command is a file that it reads', async (t) => {
  const files = await filesIn(t);
  const { recipe, data, mask, model, external } = files;
  const all = [recipe, data, mask, model, external];
  const bytes = await Promise.all(all.map((file) => readFile(file)));
  const sweep = ['sweep', '--recipe', recipe, '--criteria', 'magnitude', '--sparsities', '0.5'];
  const calls = [
    ...[recipe, external].flatMap((file) => [
      [...sweep, '--out', file],
      [...sweep, '--csv', file],
      ['sensitivity', '--recipe', recipe, '--levels', '0.5', '--out', file],
      ['scores', '--recipe', recipe, '--criterion', 'magnitude', '--out', file],
    ]),
    ['plan', model, '--mask', mask, '--save-mask', mask],
    ['plan', '--recipe', recipe, '--save-mask', data],
    ['plan', '--recipe', recipe, '--save-mask', external],
    ['run', model, '--inputs', data, '--out', external],
  ];
  for (const call of calls) {
    const { exitCode, stderr } = await secateur(...call);
    assert.equal(exitCode, 2, call.join(' '));
    assert.match(stderr, /the output .* is .*, which is being read; name another file/);
  }
  const after = await Promise.all(all.map((file) => readFile(file)));
  assert.deepEqual(after, bytes);
});

test('a pruned model never takes the place of the data that it was measured on', async (t) => {
  const folder = await temporaryFolder(t);
  const data = path.join(folder, 'd.npz');
  await copyFile(fixturePath('datasets/mnist.npz'), data);
  const model = fixturePath('numpy/iris_mlp.npz');
  const { exitCode, stderr } = await secateur('prune', model, '-o', data, '--data', data);
  assert.equal(exitCode, 2);
  assert.match(stderr, /which is being read/);
});
