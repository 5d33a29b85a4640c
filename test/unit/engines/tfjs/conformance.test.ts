import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';
import { OPERATOR_KINDS } from '../../../conformance/conformanceCases';
import { measureConformance } from '../../../conformance/measureConformance';

before(async () => {
  await startTfjs();
});

test('measures the engine that runs by default', () => {
  assert.equal(tf.getBackend(), 'wasm');
});

for (const kind of OPERATOR_KINDS) {
  test(`runs and differentiates ${kind} as defined in float64`, () => {
    const tensorsBefore = tf.memory().numTensors;
    const { failures } = measureConformance(kind);
    assert.equal(failures.length, 0, failures.slice(0, 3).join('\n\n'));
    assert.equal(tf.memory().numTensors, tensorsBefore, 'tensors are left behind');
  });
}
