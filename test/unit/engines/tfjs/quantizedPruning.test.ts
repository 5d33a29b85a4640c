import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { openFixture } from '../../../helpers/modelFixtures';
import { writePruned } from '../../../helpers/rewrittenModel';

interface Manifest {
  readonly weightsManifest: {
    readonly paths: string[];
    readonly weights: tf.io.WeightsManifestEntry[];
  }[];
}

/** The weights of a model folder as TensorFlow.js itself decodes them. */
async function weightsOf(folder: string): Promise<Map<string, Float32Array>> {
  const json = await readFile(path.join(folder, 'model.json'), 'utf8');
  const weights = new Map<string, Float32Array>();
  for (const group of (JSON.parse(json) as Manifest).weightsManifest) {
    const shards = await Promise.all(group.paths.map((name) => readFile(path.join(folder, name))));
    const bytes = new Uint8Array(Buffer.concat(shards));
    const tensors = tf.io.decodeWeights(bytes.buffer, group.weights);
    for (const [name, tensor] of Object.entries(tensors)) {
      weights.set(name, Float32Array.from(tensor.dataSync()));
    }
  }
  return weights;
}

for (const fixture of ['lenet5_u8', 'digits_mlp_u8_sharded', 'digits_mlp_mixed_groups']) {
  test(`pruned weights of ${fixture} are exactly zero to TensorFlow.js, and the others unchanged`, async (t: TestContext) => {
    const opened = await openFixture(t, 'tfjs', fixture);
    const { written, cuts } = await writePruned(t, opened, { sparsity: 0.7, unitThreshold: 0.3 });
    const before = await weightsOf(path.dirname(opened.path));
    const after = await weightsOf(written);
    let zeros = 0;
    for (const tensor of opened.model.tensors) {
      const cut = cuts.get(tensor.name) ?? null;
      const expected = await readTensorValues(opened.model, tensor, cut);
      const values = after.get(tensor.name)!;
      assert.deepEqual([...values], [...expected], tensor.name);
      const untouched = before.get(tensor.name)!;
      assert.ok(values.every((value, i) => value === 0 || value === untouched[i]));
      if (cut !== null) zeros += values.filter((value) => value === 0).length;
    }
    assert.ok(zeros > 0.69 * 8500, `${zeros} zeros`);
  });
}
