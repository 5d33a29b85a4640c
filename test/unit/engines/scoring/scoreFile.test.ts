import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Criterion } from '../../../../src/core/criteria/criterion';
import { UnsupportedError } from '../../../../src/core/errors';
import { unattended } from '../../../../src/core/progress';
import { scoreFile } from '../../../../src/engines/scoring/scoreFile';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';

const data = { file: fixturePath('datasets', 'digits.npz'), split: 'test', rows: [0, 8] } as const;

const QUANTIZED = ['conv1.weight_quantized', 'fc3.weight_quantized'];

const REFUSED: readonly (readonly [string, Criterion, string, RegExp])[] = [
  ['safetensors/digits_mlp_f32.safetensors', 'taylor', 'fc1.weight', /weights only.*magnitude/],
  ['safetensors/digits_mlp_f32.safetensors', 'entropy', 'fc1.weight', /weights only.*l2-norm/],
  ['onnx/digits_mlp_int8_dynamic.onnx', 'gradient', 'fc1.weight_quantized', /codes.*magnitude/],
];

test('scores that are all 0, behind rounding that no derivative passes, are told of', async (t) => {
  const output = path.join(await temporaryFolder(t), 's.npz');
  const given = { file: fixturePath('datasets/mnist.npz'), split: 'test', rows: [0, 4] } as const;
  const notesOf = async (criterion: Criterion): Promise<readonly string[]> => {
    const request = { criterion, options: {}, cuts: [], seed: 0, output, tensors: QUANTIZED };
    const path = fixturePath('onnx/lenet5_int8_qdq.onnx');
    const data = { ...given, scale: 1 / 255 };
    const { notes } = await scoreFile({ ...request, path, architecture: null, data }, unattended);
    return notes ?? [];
  };
  const [note = ''] = await notesOf('gradient');
  assert.match(note, /^all scores are 0 in .*conv1.*fc3.*, so that nothing is ranked there/);
  assert.deepEqual(await notesOf('wanda'), []);
});

for (const [fixture, criterion, tensor, says] of REFUSED) {
  test(`where ${criterion} cannot look at ${fixture} the error says why, and what can`, async (t) => {
    const output = path.join(await temporaryFolder(t), 's.npz');
    const request = { criterion, options: {}, tensors: [tensor], cuts: [], data, seed: 0, output };
    await assert.rejects(
      scoreFile({ ...request, path: fixturePath(fixture), architecture: null }, unattended),
      (error) => error instanceof UnsupportedError && says.test(error.message),
    );
  });
}
