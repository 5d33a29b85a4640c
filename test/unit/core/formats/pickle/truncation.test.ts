// A file cut short at any byte is told from a whole one, with the format named.
import { test } from 'node:test';
import { assertCutsRefused } from '../../../../helpers/cutShort';
import { readFixture } from '../../../../helpers/fixtures';

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
  test(`${name} cut short gives a FormatError`, async () => {
    const whole = await readFixture(folder, name);
    await assertCutsRefused(name, whole, lengthsBelow(whole.length, step));
  });
}

function* lengthsBelow(end: number, step: number): Generator<number> {
  for (let length = 0; length < end; length += end - length > 1000 ? step : 1) yield length;
}
