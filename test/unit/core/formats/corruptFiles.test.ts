// What test/fixtures/corrupt/expect.json says of each broken file. Where it allows a choice between
// an error and a warning, the file is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAllOfCorrupt, testCorruptFiles } from '../../../helpers/corruptFiles';

testCorruptFiles(['st_', 'npy_', 'npz_', 'tfjs_', 'nan_inf.npz', 'nan_inf.saf', 'onnx_lfs'], {
  'st_proto_key.safetensors': ['__proto__', 'constructor'],
  'npy_trailing.npy': [''],
  'npz_slip.npz': ['../../evil', '/abs'],
  'npz_duplicate_entries.npz': ['W'],
  'npz_not_npy_inside.npz': ['W'],
  'tfjs_no_manifest/model.json': [],
  'nan_inf.npz': ['mixed', 'all_nan', 'fine'],
  'nan_inf.safetensors': ['all_nan', 'fine', 'mixed'],
});

test('a name of Object.prototype in a header pollutes nothing', async () => {
  await readAllOfCorrupt('st_proto_key.safetensors');
  assert.equal(({} as Record<string, unknown>)['dtype'], undefined);
});

test('a Git LFS pointer is called that', async () => {
  await assert.rejects(readAllOfCorrupt('onnx_lfs_pointer.onnx'), /Git LFS pointer/);
});

test('a missing shard is named, and so are all others', async () => {
  await assert.rejects(readAllOfCorrupt('tfjs_missing_shard/model.json'), /group1-shard3of5\.bin/);
  await assert.rejects(
    readAllOfCorrupt('st_missing_shard/model.safetensors.index.json'),
    /model-00002-of-00003\.safetensors.*model-00003-of-00003\.safetensors/,
  );
});
