// What a written ONNX file has in common with the one it was made of: every byte but those of the pruned
// weights, and the names of the files beside it.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Model } from '../../../../../src/core/model/model';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { createModelOutput } from '../../../../../src/node/modelOutput';
import { fixturePath, temporaryFolder } from '../../../../helpers/fixtures';
import { filesOf, openFixture, openForTest } from '../../../../helpers/modelFixtures';
import { cutsOf, emptyPlace, writeAs } from '../../../../helpers/namedOutput';
import { field, message, model, tensor, varint } from './onnxBytes';

const EXTERNAL = 'lenet5_external.onnx';
const names = readdirSync(fixturePath('onnx')).filter((name) => name.endsWith('.onnx'));

for (const name of names) {
  test(`an unedited rewrite of ${name} is byte-identical`, async (t) => {
    const opened = await openFixture(t, 'onnx', name);
    const copy = await writeAs(opened, await emptyPlace(t, name));
    for (const [file, bytes] of await filesOf(path.dirname(copy))) {
      assert.ok(bytes.equals(await readFile(fixturePath('onnx', file))), file);
    }
  });
}

/** Which bytes of each file belong to the pruned tensors. */
function mayChange(of: Model, pruned: ReadonlySet<string>): Map<string, Uint8Array> {
  const flags = new Map(of.files.map((file) => [file.name, new Uint8Array(file.byteLength)]));
  for (const { spans } of of.tensors.filter((one) => pruned.has(one.name))) {
    for (const { fileIndex, byteOffset, byteLength } of spans) {
      flags.get(of.files[fileIndex]!.name)!.fill(1, byteOffset, byteOffset + byteLength);
    }
  }
  return flags;
}

for (const name of names.filter((one) => !one.startsWith('edge'))) {
  test(`a pruned ${name} differs only inside the pruned tensors' bytes`, async (t) => {
    const opened = await openFixture(t, 'onnx', name);
    const recipe = { sparsity: 0.5, unitThreshold: 0.2 };
    const cuts = await cutsOf(opened, recipe);
    const written = await writeAs(opened, await emptyPlace(t, name), cuts);
    const allowed = mayChange(opened.model, new Set(cuts.keys()));
    let changed = 0;
    for (const [file, bytes] of await filesOf(path.dirname(written))) {
      const before = await readFile(fixturePath('onnx', file));
      assert.equal(bytes.length, before.length);
      for (const [i, byte] of bytes.entries()) {
        if (byte === before[i]) continue;
        changed++;
        assert.equal(allowed.get(file)![i], 1, `${file} differs at byte ${i}`);
      }
    }
    assert.ok(changed > 0, 'something was pruned');
    const { model: again } = await openForTest(t, written);
    const plan = await planPrune(again, parseRecipe(recipe, 'test'), unattended);
    assert.ok(plan.entries.every(({ zerosBefore, zerosAfter }) => zerosBefore === zerosAfter));
  });
}

test('beside the original, external data gets a name of its own and is found by it', async (t) => {
  const folder = await temporaryFolder(t);
  for (const name of [EXTERNAL, `${EXTERNAL}.data`]) {
    await copyFile(fixturePath('onnx', name), path.join(folder, name));
  }
  const before = await filesOf(folder);
  const opened = await openForTest(t, path.join(folder, EXTERNAL));
  const cuts = await cutsOf(opened, { sparsity: 0.5 });
  // A much longer name, so that lengths of lengths change too.
  const longName = `${'pruned-'.repeat(25)}.onnx`;
  for (const name of ['out.onnx', longName]) {
    const written = await openForTest(t, await writeAs(opened, path.join(folder, name), cuts));
    assert.deepEqual(
      written.sources.map((source) => source.name),
      [name, `${name}.data`],
    );
    assert.deepEqual(
      written.model.tensors.map((one) => one.name),
      opened.model.tensors.map((one) => one.name),
    );
    for (const [i, one] of opened.model.tensors.entries()) {
      const expected = await readTensorValues(opened.model, one, cuts.get(one.name) ?? null);
      assert.deepEqual(await readTensorValues(written.model, written.model.tensors[i]!), expected);
    }
    const back = await writeAs(written, await emptyPlace(t, EXTERNAL));
    if (name === 'out.onnx') {
      const main = await readFile(back);
      assert.equal(
        main.length,
        before.get(EXTERNAL)!.length,
        'renamed back it is as long as before',
      );
    }
  }
  const after = await filesOf(folder);
  for (const [name, bytes] of before)
    assert.deepEqual(after.get(name), bytes, `${name} is untouched`);
});

test("another model's external data is never replaced", async (t) => {
  const opened = await openFixture(t, 'onnx', EXTERNAL);
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'out.onnx.data'), 'precious');
  await assert.rejects(
    createModelOutput(opened, { output: path.join(folder, 'out.onnx'), replace: true }),
    /belongs to something else/,
  );
});

test('numbers written as varints are pruned in their places', async (t) => {
  // float16 bits in int32_data: 1, -2, 0.5 and 65504, packed and one by one.
  const bits = [0x3c00, 0xc000, 0x3800, 0x7bff];
  const packed = field(5, Buffer.concat(bits.map((one) => varint(one))));
  const single = Buffer.concat(bits.map((one) => Buffer.concat([varint(5 * 8), varint(one)])));
  for (const data of [packed, single]) {
    const weight = tensor({ name: 'w', dims: [2, 2], dataType: 10, data });
    const file = await emptyPlace(t, 'varints.onnx');
    const bytes = model({ initializers: [weight], node: { opType: 'MatMul', inputs: ['x', 'w'] } });
    await writeFile(file, bytes);
    const opened = await openForTest(t, file);
    const cuts = await cutsOf(opened, { sparsity: 0.5 });
    const copy = await writeAs(opened, await emptyPlace(t, 'varints.onnx'));
    assert.deepEqual(await readFile(copy), bytes);
    const written = await openForTest(
      t,
      await writeAs(opened, await emptyPlace(t, 'v.onnx'), cuts),
    );
    const [pruned] = written.model.tensors;
    assert.deepEqual([...(await readTensorValues(written.model, pruned!))], [0, -2, 0, 65504]);
    assert.equal((await readFile(written.path)).length, bytes.length);
  }
});

test('the checksum of external data goes when the data changes, and stays when it does not', async (t) => {
  const entries = [
    ['location', 'd.bin'],
    ['checksum', 'ab'.repeat(20)],
  ].map(([key, value]) => field(13, message([field(1, key!), field(2, value!)])));
  const weight = tensor({
    name: 'w',
    dims: [2, 2],
    dataType: 1,
    data: Buffer.concat([...entries, varint(14 * 8), varint(1)]),
  });
  const folder = await temporaryFolder(t);
  const bytes = model({ initializers: [weight], node: { opType: 'MatMul', inputs: ['x', 'w'] } });
  await writeFile(path.join(folder, 'm.onnx'), bytes);
  await writeFile(path.join(folder, 'd.bin'), Buffer.from(Float32Array.of(1, 2, 3, 4).buffer));
  const opened = await openForTest(t, path.join(folder, 'm.onnx'));
  const copy = await writeAs(opened, await emptyPlace(t, 'm.onnx'));
  assert.deepEqual(await readFile(copy), bytes);
  const cuts = await cutsOf(opened, { sparsity: 0.5 });
  const written = await openForTest(t, await writeAs(opened, await emptyPlace(t, 'm.onnx'), cuts));
  assert.equal((await readFile(written.path)).includes('checksum'), false);
  assert.deepEqual(
    [...(await readTensorValues(written.model, written.model.tensors[0]!))],
    [0, 0, 3, 4],
  );
});
