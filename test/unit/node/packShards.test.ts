import assert from 'node:assert/strict';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { UnsupportedError, UsageError } from '../../../src/core/errors';
import { cutsByTensor } from '../../../src/core/model/applyCut';
import { readTensorValues } from '../../../src/core/model/readTensor';
import { unattended } from '../../../src/core/progress';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../src/core/selection/planPrune';
import { packFile, unpackFile } from '../../../src/node/packFile';
import { temporaryFolder } from '../../helpers/fixtures';
import { filesOf, openFixture, openForTest } from '../../helpers/modelFixtures';
import { writeCopy } from '../../helpers/rewriteInPlace';

const INDEX = 'model.safetensors.index.json';

/** The index of a pruned copy of the sharded fixture. */
async function prunedSet(t: TestContext): Promise<string> {
  const opened = await openFixture(t, 'safetensors/lenet5_sharded', INDEX);
  const recipe = parseRecipe({ sparsity: 0.9, scope: 'layer' }, 'test');
  const plan = await planPrune(opened.model, recipe, unattended);
  return writeCopy(t, opened, cutsByTensor(plan.entries));
}

test('a set of files is packed file by file, opens with the same tensors, and comes back byte for byte', async (t) => {
  const pruned = await prunedSet(t);
  const folder = await temporaryFolder(t);
  const packed = await packFile(pruned, path.join(folder, 'packed'), unattended);
  assert.ok(packed.bytesAfter < packed.bytesBefore);
  assert.ok(packed.tensors.some(({ leftBecause }) => leftBecause === null));
  const files = await filesOf(path.join(folder, 'packed'));
  const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0);
  assert.equal(bytes, packed.bytesAfter);
  const before = (await openForTest(t, pruned)).model;
  const { model } = await openForTest(t, packed.output);
  assert.equal(model.packed, true);
  for (const [i, tensor] of before.tensors.entries()) {
    const other = model.tensors[i]!;
    assert.deepEqual([other.name, other.shape], [tensor.name, tensor.shape]);
    assert.deepEqual(await readTensorValues(model, other), await readTensorValues(before, tensor));
  }
  const back = await unpackFile(packed.output, path.join(folder, 'back', INDEX), unattended);
  assert.equal(back.isOriginalFile, true);
  assert.deepEqual(await filesOf(path.join(folder, 'back')), await filesOf(path.dirname(pruned)));
});

test('a set of which one file is packed opens and unpacks; it is neither packed again nor pruned', async (t) => {
  const pruned = await prunedSet(t);
  const folder = await temporaryFolder(t);
  await packFile(pruned, path.join(folder, 'packed'), unattended);
  const mixed = path.join(folder, 'mixed');
  await cp(path.dirname(pruned), mixed, { recursive: true });
  const shard = 'model-00002-of-00003.safetensors';
  await cp(path.join(folder, 'packed', shard), path.join(mixed, shard));
  const index = path.join(mixed, INDEX);
  const { model } = await openForTest(t, index);
  assert.ok(model.layers.every(({ prunable }) => !prunable));
  const recipe = parseRecipe({ sparsity: 0.5 }, 'test');
  await assert.rejects(planPrune(model, recipe, unattended), /packed.*unpack it first/u);
  const again = path.join(folder, 'again');
  await assert.rejects(packFile(index, again, unattended), UnsupportedError);
  await unpackFile(index, path.join(folder, 'back'), unattended);
  assert.deepEqual(await filesOf(path.join(folder, 'back')), await filesOf(path.dirname(pruned)));
});

test('a set is not unpacked where nothing is packed, nor written over itself', async (t) => {
  const pruned = await prunedSet(t);
  const folder = await temporaryFolder(t);
  const other = path.join(folder, 'other');
  await assert.rejects(unpackFile(pruned, other, unattended), UnsupportedError);
  const before = await readFile(pruned);
  await assert.rejects(packFile(pruned, path.dirname(pruned), unattended), UsageError);
  assert.ok((await readFile(pruned)).equals(before));
});
