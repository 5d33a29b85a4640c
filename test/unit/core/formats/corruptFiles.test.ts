// What test/fixtures/corrupt/expect.json says of each broken file. Where it allows a choice between
// an error and a warning, the file is refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FormatError } from '../../../../src/core/errors';
import { verifyChecksums } from '../../../../src/core/model/verifyChecksums';
import { unattended } from '../../../../src/core/progress';
import { readTensorStatistics } from '../../../../src/core/statistics/readTensorStatistics';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath } from '../../../helpers/fixtures';

interface Expectation {
  readonly expect: string;
}

const expectations = Object.entries(
  JSON.parse(readFileSync(fixturePath('corrupt/expect.json'), 'utf8')) as Record<
    string,
    Expectation
  >,
);

const REFUSED = /^(error|refuse|small file|not a TF\.js model)/;

/** Reads the whole model, as inspecting does. */
async function readAll(file: string): Promise<readonly string[]> {
  const opened = await openModelFile(fixturePath('corrupt', file));
  try {
    await verifyChecksums(opened.model, unattended);
    const names: string[] = [];
    for await (const { tensor } of readTensorStatistics(opened.model, unattended)) {
      names.push(tensor.name);
    }
    return names;
  } finally {
    await opened.close();
  }
}

assert.ok(expectations.length > 45, 'the corpus is there');
for (const [file, { expect }] of expectations.filter(([, one]) => REFUSED.test(one.expect))) {
  test(`${file} is refused: ${expect}`, async () => {
    await assert.rejects(readAll(file), (error: unknown) => {
      assert.ok(error instanceof FormatError, String(error));
      const { format, place, found, allowed } = error.detail;
      for (const part of [format, place, found, allowed]) assert.notEqual(part, '');
      return true;
    });
  });
}

const READABLE: Readonly<Record<string, readonly string[]>> = {
  'st_proto_key.safetensors': ['__proto__', 'constructor'],
  'npy_trailing.npy': [''],
  'npz_slip.npz': ['../../evil', '/abs'],
  'npz_duplicate_entries.npz': ['W'],
  'npz_not_npy_inside.npz': ['W'],
  'tfjs_no_manifest/model.json': [],
  'nan_inf.npz': ['mixed', 'all_nan', 'fine'],
  'nan_inf.safetensors': ['all_nan', 'fine', 'mixed'],
};
for (const [file, names] of Object.entries(READABLE)) {
  test(`${file} is readable: ${expectations.find(([name]) => name === file)![1].expect}`, async () => {
    assert.deepEqual([...(await readAll(file))].sort(), [...names].sort());
  });
}

test('every file of the corpus is either refused or readable', () => {
  const unnamed = expectations.filter(
    ([file, one]) => !REFUSED.test(one.expect) && !(file in READABLE),
  );
  assert.deepEqual(
    unnamed.map(([file]) => file),
    [],
  );
});

test('a name of Object.prototype in a header pollutes nothing', async () => {
  await readAll('st_proto_key.safetensors');
  assert.equal(({} as Record<string, unknown>)['dtype'], undefined);
});

test('a Git LFS pointer is called that', async () => {
  await assert.rejects(readAll('onnx_lfs_pointer.onnx'), /Git LFS pointer/);
});

test('a missing shard is named, and so are all others', async () => {
  await assert.rejects(readAll('tfjs_missing_shard/model.json'), /group1-shard3of5\.bin/);
  await assert.rejects(
    readAll('st_missing_shard/model.safetensors.index.json'),
    /model-00002-of-00003\.safetensors.*model-00003-of-00003\.safetensors/,
  );
});
