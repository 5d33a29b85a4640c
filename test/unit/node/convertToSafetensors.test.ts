import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { CancelledError, UnsupportedError, UsageError } from '../../../src/core/errors';
import { readTensorValues } from '../../../src/core/model/readTensor';
import { unattended } from '../../../src/core/progress';
import { convertToSafetensors } from '../../../src/node/convertToSafetensors';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { copyOfFixture, openFixture, openForTest } from '../../helpers/modelFixtures';

const OPTIONS = { replace: false, includeOptimizer: false };

const FIXTURES = [
  'safetensors/edge_unpadded_header_unsorted.safetensors',
  'safetensors/edge_dtypes.safetensors',
  'safetensors/lenet5_sharded',
  'numpy/iris_mlp_compressed.npz',
  'numpy/edge_fortran.npy',
  'numpy/edge_bigendian_f4.npy',
  'tfjs/lenet5_u8',
  'tfjs/digits_mlp_f16',
  'pytorch/resnet_state.pt',
  'pytorch/digits_mlp_legacy.pth',
];

for (const fixture of FIXTURES) {
  test(`${fixture} saved as safetensors holds the same values`, async (t) => {
    const { model } = await openFixture(t, fixture);
    const output = path.join(await temporaryFolder(t), 'out.safetensors');
    const done = await convertToSafetensors(fixturePath(fixture), output, OPTIONS, unattended);
    assert.equal(done.output, output);
    const written = (await openForTest(t, output)).model;
    assert.equal(written.tensors.length, model.tensors.length);
    assert.equal(done.tensorCount, model.tensors.length);
    for (const tensor of model.tensors) {
      const name = tensor.name === '' ? model.layers[0]!.name : tensor.name;
      const copy = written.tensors.find((one) => one.name === name);
      assert.ok(copy, name);
      assert.deepEqual(copy.shape, tensor.shape);
      assert.equal(copy.dtype, tensor.dtype);
      if (tensor.dtype === 'complex64') continue;
      const values = await readTensorValues(written, copy);
      assert.deepEqual([...values], [...(await readTensorValues(model, tensor))], name);
    }
  });
}

test('a file of the reference implementation is written again byte for byte', async (t) => {
  // safetensors 0.8.0 wrote it: by type, widest first, then by name, the header padded to 8 bytes.
  const original = fixturePath('safetensors/transformer.safetensors');
  const output = path.join(await temporaryFolder(t), 'out.safetensors');
  await convertToSafetensors(original, output, OPTIONS, unattended);
  assert.ok((await readFile(output)).equals(await readFile(original)));
});

test('PyTorch files say so in the metadata, as Transformers wants it', async (t) => {
  const output = path.join(await temporaryFolder(t), 'out.safetensors');
  await convertToSafetensors(fixturePath('pytorch/lstm_state.pt'), output, OPTIONS, unattended);
  assert.deepEqual((await openForTest(t, output)).model.metadata, { format: 'pt' });
});

test('optimizer state comes along only when it is asked for', async (t) => {
  const folder = await temporaryFolder(t);
  const input = fixturePath('tfjs/digits_mlp_with_optimizer');
  const without = await convertToSafetensors(
    input,
    path.join(folder, 'a.safetensors'),
    OPTIONS,
    unattended,
  );
  const all = { ...OPTIONS, includeOptimizer: true };
  const whole = await convertToSafetensors(
    input,
    path.join(folder, 'b.safetensors'),
    all,
    unattended,
  );
  assert.equal(without.tensorCount, 6);
  assert.equal(whole.tensorCount, 19);
  assert.match(without.warnings.join(), /13 tensors of optimizer state are left out/);
});

test('what the format has no type for is left out by name, and nothing at all is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const output = path.join(folder, 'out.safetensors');
  const text = fixturePath('numpy/edge_unicode.npy');
  await assert.rejects(convertToSafetensors(text, output, OPTIONS, unattended), UnsupportedError);
  assert.deepEqual(await readdir(folder), []);
});

test('tied tensors are both written, and that is said', async (t) => {
  const output = path.join(await temporaryFolder(t), 'out.safetensors');
  const input = fixturePath('pytorch/edge_dtypes_views.pt');
  const { warnings } = await convertToSafetensors(input, output, OPTIONS, unattended);
  assert.match(warnings.join('\n'), /shares its bytes with .*; both are written/);
});

test('what reading the model left out is said', async (t) => {
  const output = path.join(await temporaryFolder(t), 'out.safetensors');
  const { model } = await openFixture(t, 'keras/h5_edge_dtypes.h5');
  const skipped = model.notices.filter(({ code }) => code === 'skipped-member');
  assert.ok(skipped.length > 0);
  const input = fixturePath('keras/h5_edge_dtypes.h5');
  const { warnings } = await convertToSafetensors(input, output, OPTIONS, unattended);
  for (const { message } of skipped) assert.ok(warnings.includes(message), message);
});

test('the input itself and other formats are never written, and what is there only on request', async (t) => {
  const input = await copyOfFixture(t, 'safetensors/digits_mlp_f32.safetensors');
  const folder = path.dirname(input);
  const convert = (output: string, replace: boolean): Promise<unknown> =>
    convertToSafetensors(input, path.join(folder, output), { ...OPTIONS, replace }, unattended);
  await assert.rejects(convert(path.basename(input), true), UsageError);
  await assert.rejects(convert('out.npz', true), /name it \*\.safetensors/);
  await writeFile(path.join(folder, 'there.safetensors'), 'precious');
  await assert.rejects(convert('there.safetensors', false), /exists already/);
  assert.equal(await readFile(path.join(folder, 'there.safetensors'), 'utf8'), 'precious');
  await convert('there.safetensors', true);
  await (await openForTest(t, path.join(folder, 'there.safetensors'))).close();
});

test('a cancelled conversion keeps nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const output = path.join(folder, 'out.safetensors');
  const control = { signal: { aborted: true }, report: () => undefined };
  const input = fixturePath('safetensors/digits_mlp_f32.safetensors');
  await assert.rejects(convertToSafetensors(input, output, OPTIONS, control), CancelledError);
  assert.deepEqual(await readdir(folder), []);
});
