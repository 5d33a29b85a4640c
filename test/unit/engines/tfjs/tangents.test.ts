import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { runReference } from '../../../../src/engines/reference/runReference';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';
import type { OperatorKind } from '../../../conformance/conformanceCase';
import { conformanceCases, OPERATOR_KINDS } from '../../../conformance/conformanceCases';
import { MovingCase } from '../../../conformance/secondDerivative';

before(async () => {
  await startTfjs();
});

const TOLERANCE = 1e-3;

/** What single precision leaves of terms that cancel each other. */
const LEFT = 0.01;

function isNear(found: number, expected: number, size: number): boolean {
  return Math.abs(found - expected) <= TOLERANCE * Math.max(Math.abs(expected), LEFT * size);
}

/** How an operator moves otherwise than its definition, or its gradient not alike along two directions. */
function misfits(kind: OperatorKind): readonly string[] {
  const found: string[] = [];
  conformanceCases(kind).forEach((testCase, index) => {
    if (testCase.hasNoDerivative === true) return;
    const outputs = runReference(testCase.operator, testCase.inputs);
    const moving = new MovingCase(testCase, index);
    try {
      const [a, b] = [moving.draw(), moving.draw()];
      const weights = moving.drawFor(outputs);
      if (a.every((own) => own === null) || weights.every((own) => own === null)) return;
      const forward = moving.forward(a, weights);
      const where = `case ${index}, ${JSON.stringify(testCase.operator)}`;
      if (!isNear(forward.found, forward.expected, forward.size)) {
        found.push(`${where} moves by ${forward.found} for ${forward.expected}`);
      }
      const [one, other] = [moving.backward(a, b, weights), moving.backward(b, a, weights)];
      if (!isNear(one.found, other.found, Math.max(one.size, other.size))) {
        found.push(`${where} bends by ${one.found} and ${other.found}`);
      }
    } catch (error) {
      found.push(`case ${index}: ${String(error)} ${JSON.stringify(testCase.operator)}`);
    } finally {
      moving.dispose();
    }
  });
  return found;
}

for (const kind of OPERATOR_KINDS) {
  test(`moves ${kind} as its definition does, and its gradient along two directions alike`, () => {
    const tensorsBefore = tf.memory().numTensors;
    assert.deepEqual(misfits(kind), []);
    assert.equal(tf.memory().numTensors, tensorsBefore, 'tensors are left behind');
  });
}
