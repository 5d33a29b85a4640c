// Every ONNX fixture on the own executor. Expected outputs: torch 2.13.0 in float64, and onnxruntime 1.30.0
// for the quantised files.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fixturePath } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';
import { keepsTolerance, outputOracles, runOracle } from '../../../../helpers/outputOracles';

test('the own executor gives the outputs of the framework that made each ONNX fixture', async (t) => {
  const oracles = await outputOracles(['onnx']);
  assert.equal(oracles.length, 23);
  for (const oracle of oracles) {
    await t.test(oracle.model, async () => {
      const found = await runOracle(oracle, 'tfjs');
      assert.match(found.engine, /^TensorFlow\.js wasm/);
      assert.ok(keepsTolerance(oracle, found), JSON.stringify(found));
    });
  }
});

const fixtures = readdirSync(fixturePath('onnx')).filter((name) => name.endsWith('.onnx'));

test('the graph calls layers as the model lists them', async (t) => {
  assert.ok(fixtures.length >= 23, 'the fixtures are there');
  for (const fixture of fixtures) {
    const { model } = await openFixture(t, 'onnx', fixture);
    const tensorOf = new Map(model.graph!.parameters.map(({ value, tensor }) => [value, tensor]));
    const listed = new Map<string, Set<string>>();
    for (const { name, weight } of model.layers) {
      if (weight === undefined) continue;
      listed.set(weight, (listed.get(weight) ?? new Set()).add(name));
    }
    const seen = new Set<string>();
    for (const { inputs, layer } of model.graph!.nodes) {
      const weights = inputs.flatMap((value) => tensorOf.get(value ?? '') ?? []);
      const names = weights.flatMap((weight) => [...(listed.get(weight) ?? [])]);
      if (names.length === 0) continue;
      // A recurrent node is listed as a layer for each of its kernels.
      assert.ok(names.includes(layer), `${fixture}: ${layer} for ${names.join(', ')}`);
      for (const weight of weights) seen.add(weight);
    }
    for (const weight of listed.keys())
      assert.ok(seen.has(weight), `${fixture}: ${weight} is read`);
  }
});
