// A file cut short at any byte is told from a whole one, with the format named.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { FormatError } from '../../../../../src/core/errors';
import { openModelFile } from '../../../../../src/node/openModel';
import { copyOfFixture } from '../../../../helpers/modelFixtures';

async function assertRefused(file: string, length: number): Promise<void> {
  try {
    await (await openModelFile(file)).close();
  } catch (error) {
    assert.ok(error instanceof FormatError, `at ${length}: ${String(error)}`);
    return;
  }
  assert.fail(`cut at ${length} bytes it was accepted`);
}

/** Small ones at every byte, others at every so many, the last 1000 bytes one by one. */
const FILES: readonly (readonly [folder: string, name: string, step: number])[] = [
  ['pytorch', 'edge_bare_tensor.pt', 1],
  ['pytorch', 'edge_list.pt', 1],
  ['pytorch', 'edge_sparse_coo.pt', 1],
  ['pytorch', 'edge_dtypes_views_legacy.pth', 1],
  ['pytorch', 'edge_dtypes_views.pt', 1],
  ['pytorch', 'sequential_full_module.pt', 5],
  ['pytorch', 'digits_mlp_legacy.pth', 211],
  ['paddle', 'digits_mlp_proto4.pdopt', 101],
  ['paddle', 'digits_mlp_proto3_numpy1names.pdparams', 211],
  ['paddle', 'digits_mlp_proto2_sliced.pdparams', 211],
  ['paddle', 'nested_checkpoint_proto4.pdparams', 211],
];

for (const [folder, name, step] of FILES) {
  test(`${name} cut short gives a FormatError`, async (t) => {
    const file = await copyOfFixture(t, folder, name);
    const whole = await readFile(file);
    for (let length = 0; length < whole.length; length += whole.length - length > 1000 ? step : 1) {
      await writeFile(file, whole.subarray(0, length));
      await assertRefused(file, length);
    }
  });
}
