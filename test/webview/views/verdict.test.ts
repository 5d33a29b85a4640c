import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison, PairedDifference } from '../../../src/core/evaluation/comparison';
import type { Evaluation, MeasureName } from '../../../src/core/evaluation/evaluation';
import { engineWords } from '../../../webview/views/engineWords';
import { measureGroups, outputPairs } from '../../../webview/views/outputGroups';
import { verdictTexts } from '../../../webview/views/verdict';

function differs(measure: MeasureName, difference: number, pValue: number): PairedDifference {
  const interval = { low: difference - 0.01, high: difference + 0.01 };
  return { measure, difference, interval, test: { method: 'bootstrap', pValue } };
}

function said(...differences: readonly PairedDifference[]): readonly string[] {
  const comparison = { samples: 100, differences };
  const texts = verdictTexts({ before: null, after: null, comparison });
  return texts.map((text) => text.replaceAll('\u00a0', ' '));
}

test('a change is told in words, and whether it may be chance', () => {
  assert.deepEqual(said(differs('accuracy', -0.012, 0.0131)), [
    'Accuracy fell by 1.2 pt; significant: p = 0.013 (paired bootstrap).',
  ]);
  assert.deepEqual(said(differs('loss', 0.02, 0.4)), [
    'Loss rose by 0.0200; not significant: p = 0.400 (paired bootstrap).',
  ]);
  assert.deepEqual(said(differs('accuracy', 0, 1)), ['Accuracy did not change.']);
});

test('accuracy is told before the loss, and nothing where nothing was tested', () => {
  assert.deepEqual(said(differs('loss', 0.02, 0.4), differs('accuracy', 0, 1)), [
    'Accuracy did not change.',
  ]);
  assert.deepEqual(said(), []);
});

const first: Evaluation = { samples: 10, loss: 1, lossKind: 'mse', mse: 1 };
const two: Evaluation = {
  ...first,
  outputs: [
    { name: 'angle', loss: 1, lossKind: 'mse' },
    { name: 'speed', loss: 2, lossKind: 'mse' },
  ],
};
const comparison: Comparison = {
  samples: 10,
  differences: [],
  outputs: [
    { name: 'angle', differences: [differs('loss', 0.5, 0.01)] },
    { name: 'speed', differences: [differs('loss', -0.5, 0.5)] },
  ],
};

test('each of several outputs has figures and a verdict under its own name', () => {
  const pair = { before: two, after: two, comparison };
  const groups = measureGroups(pair, [], false);
  assert.deepEqual(
    groups.map(({ title, rows }) => [title, rows.map(({ before }) => before)]),
    [
      ['Output angle', ['1.0000']],
      ['Output speed', ['2.0000']],
      ['Size', []],
    ],
  );
  assert.deepEqual(verdictTexts(pair), [
    'angle: Loss rose by 0.5000; significant: p = 0.010 (paired bootstrap).',
    'speed: Loss fell by 0.5000; not significant: p = 0.500 (paired bootstrap).',
  ]);
});

test('a single output is not told by name', () => {
  assert.deepEqual(outputPairs({ before: first, after: first, comparison: null }), []);
  const [group] = measureGroups({ before: first, after: first, comparison: null }, [], false);
  assert.equal(group?.title, null);
});

test('an engine that stepped in says why', () => {
  assert.deepEqual(engineWords('ONNX Runtime 1.27.0 wasm; TensorFlow.js was not used: X'), {
    name: 'ONNX Runtime 1.27.0 wasm',
    reason: 'TensorFlow.js was not used: X',
  });
  assert.deepEqual(engineWords('TensorFlow.js wasm (SIMD)'), {
    name: 'TensorFlow.js wasm (SIMD)',
    reason: null,
  });
});
