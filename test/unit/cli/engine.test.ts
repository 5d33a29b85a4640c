import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { secateur } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { modelBytes } from '../core/formats/onnx/onnxNodes';

const DATA = ['--data', fixturePath('datasets/mnist.npz'), '--split', 'test', '--scale', '255'];
const LENET = fixturePath('onnx/lenet5_legacy.onnx');

test('every engine that takes a file evaluates it alike, and is named', async () => {
  for (const [engine, name] of [
    ['tfjs', /^TensorFlow\.js wasm/],
    ['onnxruntime', /^ONNX Runtime/],
    ['auto', /^TensorFlow\.js/],
  ] as const) {
    const { stdout } = await secateur('evaluate', LENET, ...DATA, '--engine', engine, '--json');
    const evaluation = JSON.parse(stdout) as { accuracy: number; engine: string };
    // Of PyTorch, in the table of the fixtures.
    assert.equal(evaluation.accuracy, 0.971);
    assert.match(evaluation.engine, name);
  }
});

test('an operator that no engine knows exits with 4 and names operator and node', async (t) => {
  const model = await unknownOperator(t);
  const { exitCode, stderr } = await secateur('evaluate', model, ...DATA);
  assert.equal(exitCode, 4);
  assert.match(stderr, /Frobnicate.*supported/s);
  const own = await secateur('evaluate', model, ...DATA, '--engine', 'tfjs');
  assert.equal(own.exitCode, 4);
  assert.match(own.stderr, /operator own\W+Frobnicate \(node .+\); supported/);
});

test('scores say which criterion does without an engine, and do not name one that cannot score', async (t) => {
  const model = fixturePath('keras/layers_zoo.keras');
  const out = path.join(await temporaryFolder(t), 's.npz');
  const call = ['scores', model, '--criterion', 'gradient', '--out', out, ...DATA];
  const { exitCode, stderr } = await secateur(...call);
  assert.equal(exitCode, 4);
  assert.match(stderr, /criterion gradient, running the model: found operator Conv3D/);
  assert.match(stderr, /or a criterion by the weights alone such as magnitude/);
  assert.doesNotMatch(stderr, /ONNX Runtime/);
});

test('an engine that there is not is a mistake of the call, which lists those there are', async () => {
  const { exitCode, stderr } = await secateur('evaluate', LENET, ...DATA, '--engine', 'torch');
  assert.equal(exitCode, 2);
  assert.match(stderr, /found "torch"; allowed: auto, tfjs, tfjs-node, onnxruntime/);
});

test('engines lists what networks run on', async () => {
  const { exitCode, stdout } = await secateur('engines', '--json');
  assert.equal(exitCode, 0);
  const engines = JSON.parse(stdout) as { tfjs: string; onnxruntime: string };
  assert.match(engines.tfjs, /^TensorFlow\.js/);
  assert.match(engines.onnxruntime, /^ONNX Runtime 1\.\d+\.\d+ wasm$/);
});

/** Digits through an operator that only its author has. */
async function unknownOperator(t: TestContext): Promise<string> {
  const file = path.join(await temporaryFolder(t), 'model.onnx');
  const bytes = modelBytes({
    opset: 17,
    nodes: [{ op: 'Frobnicate', domain: 'own', inputs: ['x'] }],
    inputs: { x: { type: 'float32', shape: [1, 1, 28, 28], values: [] } },
    open: ['x'],
  });
  await writeFile(file, bytes);
  return file;
}
