import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { UnsupportedError } from '../../../src/core/errors';
import type { EngineChoice, EnginePreference } from '../../../src/core/graph/engineChoice';
import type { DenseArray } from '../../../src/core/graph/executor';
import { unattended } from '../../../src/core/progress';
import { DEFAULT_RECIPE } from '../../../src/core/recipe/parseRecipe';
import type { PlanEntry } from '../../../src/core/report/plan';
import { planPrune } from '../../../src/core/selection/planPrune';
import { createExecutor } from '../../../src/engines/chooseEngine';
import { runnableGraph } from '../../../src/engines/runnableGraph';
import { openModelFile } from '../../../src/node/openModel';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { type ModelSpec, modelBytes } from '../core/formats/onnx/onnxNodes';

const MATRIX = { type: 'float32', shape: [2, 2], values: [2, 0, 0, -1] } as const;
/** Det is an operator of ONNX and of ONNX Runtime, but none of ours. */
const DETERMINANT: ModelSpec = {
  opset: 17,
  nodes: [{ op: 'Det', inputs: ['x'], outputs: ['y'] }],
  inputs: { x: MATRIX },
};
/** An operator that only its author has. */
const UNKNOWN: ModelSpec = {
  opset: 17,
  nodes: [{ op: 'Frobnicate', domain: 'own', inputs: ['x'], outputs: ['y'] }],
  inputs: { x: MATRIX },
};

test('an operator outside the set runs on ONNX Runtime, which is said', async (t) => {
  const { engine, outputs } = await runModel(await written(t, DETERMINANT), 'auto', [MATRIX]);
  assert.match(engine, /^ONNX Runtime/);
  assert.deepEqual(
    outputs.map(({ values }) => [...values]),
    [[-2]],
  );
});

test('the own executor alone refuses an operator outside the set by name and node', async (t) => {
  await assert.rejects(runModel(await written(t, DETERMINANT), 'tfjs', [MATRIX]), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /operator Det \(node .+\).*supported/);
    return true;
  });
});

test('an operator that no engine knows is refused with its name', async (t) => {
  for (const preference of ['auto', 'onnxruntime'] as const) {
    await assert.rejects(runModel(await written(t, UNKNOWN), preference, [MATRIX]), (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.message, /Frobnicate/);
      return true;
    });
  }
});

test('operators of the set run on the own executor', async () => {
  const { engine } = await runModel(fixturePath('onnx/lenet5_legacy.onnx'), 'auto', [image()]);
  assert.match(engine, /^TensorFlow\.js wasm/);
});

test('ONNX Runtime takes ONNX files only', async () => {
  const model = fixturePath('keras/lenet5.h5');
  await assert.rejects(runModel(model, 'onnxruntime', [image()]), /Keras.*supported: ONNX files/);
});

test('both engines give the same outputs with the cuts of a plan', async () => {
  const file = fixturePath('onnx/lenet5_external.onnx');
  const opened = await openModelFile(file);
  const recipe = { ...DEFAULT_RECIPE, sparsity: 0.8 };
  const { entries } = await planPrune(opened.model, recipe, unattended);
  await opened.close();
  const whole = await runModel(file, 'onnxruntime', [image()]);
  const runtime = await runModel(file, 'onnxruntime', [image()], entries);
  const own = await runModel(file, 'tfjs', [image()], entries);
  assert.ok(largestDifference(runtime.outputs, own.outputs) < 1e-5);
  assert.ok(largestDifference(runtime.outputs, whole.outputs) > 1e-2);
});

test('ONNX Runtime takes and gives integers and truth values as numbers', async (t) => {
  const integers = { type: 'int64', shape: [3], values: [-7, 0, 9] } as const;
  const truths = { type: 'bool', shape: [3], values: [1, 0, 1] } as const;
  const model = await written(t, {
    opset: 17,
    nodes: [
      { op: 'Neg', inputs: ['i'], outputs: ['negative'] },
      { op: 'Not', inputs: ['b'], outputs: ['opposite'] },
    ],
    inputs: { i: integers, b: truths },
    outputs: ['opposite', 'negative'],
  });
  const { outputs } = await runModel(model, 'onnxruntime', [integers, truths]);
  assert.deepEqual(
    outputs.map(({ values }) => [...values]),
    [
      [0, 1, 0],
      [7, 0, -9],
    ],
  );
});

test('the native engine alone is refused where none is installed', async () => {
  const model = fixturePath('keras/lenet5.h5');
  await assert.rejects(runModel(model, 'tfjs-node', [image()]), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /the native engine: found none installed/);
    return true;
  });
});

async function written(t: TestContext, spec: ModelSpec): Promise<string> {
  const file = path.join(await temporaryFolder(t), 'model.onnx');
  await writeFile(file, modelBytes(spec));
  return file;
}

async function runModel(
  file: string,
  preference: EnginePreference,
  inputs: readonly { readonly shape: readonly number[]; readonly values: ArrayLike<number> }[],
  cuts: readonly PlanEntry[] = [],
): Promise<{ readonly engine: string; readonly outputs: readonly DenseArray[] }> {
  const opened = await openModelFile(file);
  try {
    runnableGraph(opened.model);
    const choice: EngineChoice = { preference, native: { kind: 'absent' } };
    const inputShapes = inputs.map(({ shape }) => shape);
    const executor = await createExecutor(opened.model, { cuts, choice, inputShapes });
    try {
      const arrays = inputs.map(({ shape, values }) => ({
        shape,
        values: Float32Array.from(values),
      }));
      const outputs = await executor.run(arrays);
      return { engine: executor.engine, outputs };
    } finally {
      executor.dispose();
    }
  } finally {
    await opened.close();
  }
}

function image(): DenseArray {
  const values = Float32Array.from({ length: 28 * 28 }, (_, i) => Math.sin(i));
  return { shape: [1, 1, 28, 28], values };
}

function largestDifference(a: readonly DenseArray[], b: readonly DenseArray[]): number {
  assert.equal(a.length, b.length);
  return Math.max(
    ...a.flatMap(({ values }, i) => [...values].map((one, j) => Math.abs(one - b[i]!.values[j]!))),
  );
}
