import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Model } from '../../../../../src/core/model/model';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import type { TensorCut } from '../../../../../src/core/report/plan';
import { fixturePath } from '../../../../helpers/fixtures';
import { readHdf5Arrays, unpackMember } from '../../../../helpers/hdf5Arrays';
import { filesOf, openFixture } from '../../../../helpers/modelFixtures';
import { cutsOf, emptyPlace, writeAs } from '../../../../helpers/namedOutput';
import { testPrunedInPlace, testUneditedRewrite } from '../../../../helpers/rewriteInPlace';
import { assertWrittenAsPlanned, writePruned } from '../../../../helpers/rewrittenModel';

const FILES = readdirSync(fixturePath('keras')).filter((name) => /\.(h5|keras)$/.test(name));
/** Files with data sets in encoded form: those change their place when they are pruned. */
const ENCODED = FILES.filter((name) => /chunk|deflated/.test(name));
const IN_PLACE = FILES.filter(
  (name) => !ENCODED.includes(name) && !/edge_dtypes|named_floats/.test(name),
);

for (const file of FILES) testUneditedRewrite(`keras/${file}`);
for (const file of IN_PLACE) testPrunedInPlace(`keras/${file}`);

/** Asserts that the HDF5 library reads the original's values with the cuts made. */
async function assertReadBack(
  original: Model,
  cuts: ReadonlyMap<string, TensorCut>,
  written: string,
): Promise<void> {
  // h5wasm comes without h5py's LZF.
  const arrays = await readHdf5Arrays(written, (name) => name.startsWith('lzf'));
  let compared = 0;
  for (const tensor of original.tensors) {
    const found = arrays.get(tensor.name);
    if (tensor.name.startsWith('lzf') || tensor.dtypeLabel !== undefined) continue;
    assert.ok(found, `${tensor.name} is there`);
    const values = await readTensorValues(original, tensor, cuts.get(tensor.name) ?? null);
    assert.deepEqual(found, Array.from(values), tensor.name);
    compared++;
  }
  assert.ok(compared > 0);
}

// h5wasm does not know types that are opaque to HDF5.
for (const file of FILES.filter(
  (name) => !/lenet|resbn|split|edge|bfloat16|named_floats/.test(name),
)) {
  test(`the HDF5 library reads a pruned ${file} back`, async (t) => {
    const opened = await openFixture(t, 'keras', file);
    const result = await writePruned(t, opened, { sparsity: 0.3, scope: 'layer' });
    await assertWrittenAsPlanned(t, opened, result);
    const weights = file.endsWith('.keras')
      ? await unpackMember(t, result.written, 'model.weights.h5')
      : result.written;
    await assertReadBack(opened.model, result.cuts, weights);
  });
}

for (const [file, layer] of [
  ['h5_chunk_indexes.h5', 'growing_fixed'],
  ['h5_chunk_indexes.h5', 'growing_tree'],
  ['h5_chunk_indexes.h5', 'growing_extensible'],
  ['h5_chunk_indexes.h5', 'growing_single'],
  ['h5_chunk_btree1.h5', 'growing'],
] as const) {
  test(`a chunk of ${layer} in ${file} that grows goes to the end of the file`, async (t) => {
    const opened = await openFixture(t, 'keras', file);
    const { written, cuts } = await writePruned(t, opened, { sparsity: 0.3, only: [layer] });
    const [before, after] = [readFileSync(opened.path), readFileSync(written)];
    assert.ok(after.length > before.length, 'equal values take more room with zeros among them');
    await assertReadBack(opened.model, cuts, written);
  });
}

test('compact data below a checksum is pruned with the checksum renewed', async (t) => {
  const opened = await openFixture(t, 'keras', 'h5_chunk_indexes.h5');
  const recipe = { sparsity: 0.5, only: ['compact'] };
  const { written, cuts } = await writePruned(t, opened, recipe);
  assert.equal(readFileSync(written).length, readFileSync(opened.path).length);
  await assertReadBack(opened.model, cuts, written);
});

test('shards are pruned in place, as a set', async (t) => {
  const opened = await openFixture(t, 'keras/sharded/model.weights.json');
  const folder = path.dirname(opened.path);
  const plain = await writeAs(opened, await emptyPlace(t, 'plain'));
  assert.ok(plain !== '');
  const result = await writePruned(t, opened, { sparsity: 0.5 });
  await assertWrittenAsPlanned(t, opened, result);
  const [before, after] = [await filesOf(folder), await filesOf(result.written)];
  assert.deepEqual([...after.keys()], [...before.keys()]);
  const changed = [...after].filter(([name, bytes]) => !before.get(name)!.equals(bytes));
  assert.deepEqual(
    changed.map(([name]) => name),
    ['model_00000.weights.h5', 'model_00001.weights.h5', 'model_00002.weights.h5'],
  );
});

for (const file of ['digits_mlp.keras', 'digits_mlp.h5', 'digits_mlp.weights.h5', 'lstm.h5']) {
  test(`the optimizer's state in ${file} is never touched`, async (t) => {
    const opened = await openFixture(t, 'keras', file);
    const cuts = await cutsOf(opened, { sparsity: 0.9, unitThreshold: 0.5 });
    const state = opened.model.tensors.filter(({ role }) => role === 'optimizer');
    assert.ok(state.length >= 10);
    assert.ok(state.every(({ name }) => !cuts.has(name)));
    assert.ok(state.every(({ name }) => name.startsWith('optimizer')));
  });
}
