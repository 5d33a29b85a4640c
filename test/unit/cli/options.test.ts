import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  COMMON_OPTIONS,
  numberOption,
  parseArguments,
  PRUNE_OPTIONS,
} from '../../../src/cli/options';
import { UsageError } from '../../../src/core/errors';

const OPTIONS = { ...PRUNE_OPTIONS, ...COMMON_OPTIONS };

test('a number below zero after an option is its value', () => {
  for (const text of ['-0.5', '-.5', '-5e-1']) {
    const { values, positionals } = parseArguments(['--threshold', text, 'm.onnx'], OPTIONS);
    assert.equal(numberOption(values, 'threshold'), -0.5);
    assert.deepEqual(positionals, ['m.onnx']);
  }
});

test('an option after an option is not taken for its value', () => {
  for (const next of ['--json', '-x', '-o']) {
    assert.throws(() => parseArguments(['--threshold', next], OPTIONS), UsageError);
  }
  assert.throws(() => parseArguments(['--json', '-5'], OPTIONS), UsageError);
});
