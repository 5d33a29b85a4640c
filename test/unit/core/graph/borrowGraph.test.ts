// A file of weights with the graph of an ONNX export of the same network. Expected outputs: torch 2.13.0.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../../../src/core/errors';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath } from '../../../helpers/fixtures';
import { numberedArrays, readArrays } from '../../../helpers/npzArrays';
import { relativeDifference } from '../../../helpers/outputDifference';
import { runModelFile } from '../../../helpers/runModelFile';

const PAIRS = [
  ['pytorch/lenet5_state.pth', 'lenet5_dynamo.onnx'],
  ['safetensors/digits_mlp_f32.safetensors', 'digits_mlp_legacy.onnx'],
  ['safetensors/resnet.safetensors', 'resnet_bn_unfolded.onnx'],
  ['pytorch/mobilenet_state.pt', 'mobilenet_bn_unfolded.onnx'],
] as const;

for (const [weights, onnx] of PAIRS) {
  test(`${weights} gives what PyTorch gives, with the graph of ${onnx}`, async () => {
    const arrays = await readArrays(`oracles/outputs/onnx__${onnx}.npz`);
    const architecture = { graphOf: fixturePath('onnx', onnx) };
    const inputs = numberedArrays(arrays, 'input');
    const found = await runModelFile(fixturePath(weights), inputs, architecture);
    const [expected] = numberedArrays(arrays, 'output');
    assert.ok(relativeDifference(found[0]!, expected!) <= 1e-5);
  });
}

test('lists the layers of the graph under the names of the file’s own tensors', async () => {
  const opened = await openModelFile(fixturePath('pytorch/lenet5_state.pth'), {
    architecture: { graphOf: path.join('..', 'onnx', 'lenet5_dynamo.onnx') },
  });
  await opened.close();
  const prunable = opened.model.layers.filter((layer) => layer.prunable);
  assert.deepEqual(
    prunable.map(({ weight }) => weight),
    ['conv1.weight', 'conv2.weight', 'fc1.weight', 'fc2.weight', 'fc3.weight'],
  );
});

test('names the tensor that is missing, and both shapes where they differ', async () => {
  const file = fixturePath('safetensors/digits_mlp_f32.safetensors');
  const graphOf = fixturePath('onnx/lenet5_dynamo.onnx');
  await assertRefused(file, { graphOf }, /reads conv1\.weight.*no tensor conv1\.weight.*fc1/);
  const names = { 'conv1.weight': 'fc1.weight' };
  await assertRefused(
    file,
    { graphOf, names },
    /conv1\.weight has shape \[6, 1, 5, 5\].*\[64, 64\]/,
  );
});

async function assertRefused(
  file: string,
  architecture: { readonly graphOf: string; readonly names?: Readonly<Record<string, string>> },
  message: RegExp,
): Promise<void> {
  await assert.rejects(openModelFile(file, { architecture }), (error) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.match(error.message, message);
    return true;
  });
}
