import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Criterion } from '../../../../src/core/criteria/criterion';
import { UsageError } from '../../../../src/core/errors';
import { encodeNpz } from '../../../../src/core/formats/numpy/encodeNpz';
import { unattended } from '../../../../src/core/progress';
import { scoreFile } from '../../../../src/engines/scoring/scoreFile';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';

const FEATURES = 64;

/** Scores fc1 of the digits' network on samples of sixteenths, with one feature of sample 5 as given. */
async function scoreWith(
  t: TestContext,
  criterion: Criterion,
  { feature, samples = 8 }: { readonly feature: number; readonly samples?: number },
) {
  const folder = await temporaryFolder(t);
  const values = Float32Array.from({ length: samples * FEATURES }, (_, i) => (i % 17) / 16);
  if (samples > 5) values[5 * FEATURES + 3] = feature;
  const file = path.join(folder, 'data.npz');
  const labels = Float32Array.from({ length: samples }, (_, i) => i % 10);
  const arrays = [
    { name: 'x', shape: [samples, FEATURES], values },
    { name: 'y', shape: [samples], values: labels },
  ];
  await writeFile(file, encodeNpz(arrays));
  const request = { criterion, options: {}, tensors: ['fc1.weight'], cuts: [], seed: 0 };
  const place = { path: fixturePath('onnx/digits_mlp_legacy.onnx'), architecture: null };
  const output = path.join(folder, 'scores.npz');
  return scoreFile({ ...request, ...place, data: { file }, output }, unattended);
}

for (const criterion of ['taylor', 'wanda', 'apoz', 'stability'] as const) {
  test(`${criterion} refuses data with NaN and says in which sample it is`, async (t) => {
    await assert.rejects(
      scoreWith(t, criterion, { feature: NaN }),
      (error) =>
        error instanceof UsageError && /data\.npz: found NaN in sample 5/.test(error.message),
    );
  });
}

test('an infinite input is taken, and it is said how many scores do not rank for it', async (t) => {
  const { notes } = await scoreWith(t, 'wanda', { feature: Infinity });
  // One input of 64 outputs: |w| times an infinite norm.
  assert.deepEqual(notes, [
    'fc1.weight: 64 of 4096 scores are NaN or infinite; what has them is never pruned',
  ]);
  assert.equal((await scoreWith(t, 'wanda', { feature: 1 })).notes, undefined);
});

test('data without samples is refused', async (t) => {
  await assert.rejects(
    scoreWith(t, 'wanda', { feature: 0, samples: 0 }),
    (error) =>
      error instanceof UsageError &&
      /data\.npz: found no samples; allowed: at least one/.test(error.message),
  );
});
