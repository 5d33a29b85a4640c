import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { unattended } from '../../../../../src/core/progress';
import { readTensorStatistics } from '../../../../../src/core/statistics/readTensorStatistics';
import { openModelFile } from '../../../../../src/node/openModel';
import { temporaryFolder } from '../../../../helpers/fixtures';
import { copyOfFixture, openForTest } from '../../../../helpers/modelFixtures';

async function made(t: TestContext, dtype: string, shape: number[], data: Buffer): Promise<string> {
  const file = path.join(await temporaryFolder(t), 'made.safetensors');
  const header = Buffer.from(
    JSON.stringify({ a: { dtype, shape, data_offsets: [0, data.length] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(file, Buffer.concat([length, header, data]));
  return file;
}

/** Values by the tables of the OCP MX specification 1.0 and the fnuz types of Noune et al. 2022. */
const SMALL_TYPES: readonly [string, number[], number[], number[]][] = [
  ['F4', [2, 2], [0x21, 0x7f], [0.5, 1, -6, 6]],
  // Four codes of six bits in three bytes, lowest bits first: 0x01, 0x08, 0x1f, 0x3f.
  ['F6_E2M3', [4], [0x01, 0xf2, 0xfd], [0.125, 1, 7.5, -7.5]],
  ['F6_E3M2', [4], [0x01, 0xf3, 0xfd], [0.0625, 1, 28, -28]],
  ['F8_E8M0', [3], [0x7f, 0x80, 0x7e], [1, 2, 0.5]],
  ['F8_E4M3FNUZ', [3], [0x40, 0xc0, 0x00], [1, -1, 0]],
  ['F8_E5M2FNUZ', [3], [0x40, 0xc0, 0x00], [1, -1, 0]],
];

for (const [dtype, shape, bytes, expected] of SMALL_TYPES) {
  test(`${dtype} elements have the values of their specification`, async (t) => {
    const { model } = await openForTest(t, await made(t, dtype, shape, Buffer.from(bytes)));
    const [tensor] = model.tensors;
    assert.deepEqual([...(await readTensorValues(model, tensor!))], expected);
    for await (const { statistics } of readTensorStatistics(model, unattended)) {
      assert.equal(statistics?.max, Math.max(...expected));
    }
  });
}

for (const [dtype, count, byteLength] of [
  ['F4', 3, 2],
  ['F6_E2M3', 2, 2],
] as const) {
  test(`${dtype} elements that do not fill whole bytes are refused, as the reference does`, async (t) => {
    const file = await made(t, dtype, [count], Buffer.alloc(byteLength));
    await assert.rejects(openModelFile(file), /packed elements that fill whole bytes/);
  });
}

test('a set of shards carries what its index says, and what the shards say', async (t) => {
  const folder = await copyOfFixture(t, 'safetensors/lenet5_sharded');
  const { model } = await openForTest(t, folder);
  assert.equal(model.metadata['total_size'], 61706 * 4);
});

test('a tensor in another shard than the index says is refused by name', async (t) => {
  const folder = await copyOfFixture(t, 'safetensors/lenet5_sharded');
  const index = path.join(folder, 'model.safetensors.index.json');
  const json = await readFile(index, 'utf8');
  await writeFile(index, json.replace(/("fc1\.bias": "model-0000)2/, '$13'));
  await assert.rejects(
    openModelFile(folder),
    /weight_map\["fc1\.bias"\]: found the tensor in model-00002.*in model-00003.*as the index says/,
  );
});
