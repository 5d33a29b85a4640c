import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepsTolerance, outputOracles, runOracle } from '../../../helpers/outputOracles';

// Expected outputs: torch 2.13.0 in float64, and ONNX Runtime for the quantised files, in oracles/outputs.
test('ONNX Runtime gives the outputs of the framework that made each ONNX fixture', async (t) => {
  const oracles = await outputOracles(['onnx']);
  assert.equal(oracles.length, 23);
  for (const oracle of oracles) {
    await t.test(oracle.model, async () => {
      const found = await runOracle(oracle, 'onnxruntime');
      assert.match(found.engine, /^ONNX Runtime \d+\.\d+\.\d+ wasm$/);
      assert.ok(keepsTolerance(oracle, found), JSON.stringify(found));
    });
  }
});
