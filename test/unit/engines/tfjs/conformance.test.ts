import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';
import { OPERATOR_KINDS } from '../../../conformance/conformanceCases';
import { type Conformance, measureConformance } from '../../../conformance/measureConformance';
import { parseOperatorTable } from '../../../conformance/operatorTable';
import { requiredEnvironment } from '../../../helpers/requiredEnvironment';

before(async () => {
  await startTfjs();
});

test('measures the engine that runs by default', () => {
  assert.equal(tf.getBackend(), 'wasm');
});

const measured: Conformance[] = [];

for (const kind of OPERATOR_KINDS) {
  test(`runs and differentiates ${kind} as defined in float64`, () => {
    const tensorsBefore = tf.memory().numTensors;
    const conformance = measureConformance(kind);
    measured.push(conformance);
    const { failures } = conformance;
    assert.equal(failures.length, 0, failures.slice(0, 3).join('\n\n'));
    assert.equal(tf.memory().numTensors, tensorsBefore, 'tensors are left behind');
  });
}

/** What another machine's rounding may change. */
const NOISE = 10;

test('docs/operators.md holds what is measured: node scripts/describeOperators.mjs', () => {
  const file = path.join(requiredEnvironment('SECATEUR_ROOT'), 'docs/operators.md');
  const rows = parseOperatorTable(readFileSync(file, 'utf8'));
  const counts = (list: readonly { readonly kind: string; readonly cases: number }[]) =>
    list.map(({ kind, cases }) => `${kind} ${cases}`);
  assert.deepEqual(counts(rows), counts(measured));
  measured.forEach(({ kind, forward, derivative }, i) => {
    const row = rows[i]!;
    assert.ok(forward <= row.forward * NOISE, `${kind}: forward ${forward}`);
    assert.equal(row.derivative === null, derivative === null, `${kind}: derivative`);
    assert.ok((derivative ?? 0) <= (row.derivative ?? 0) * NOISE, `${kind}: ${derivative ?? 0}`);
  });
});
