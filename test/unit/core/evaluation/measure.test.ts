import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Targets } from '../../../../src/core/evaluation/dataset';
import { chooseMeasure, type OutputTraits } from '../../../../src/core/evaluation/measure';
import { UsageError } from '../../../../src/core/errors';
import type { ActivationFunction } from '../../../../src/core/graph/operators/activation';

const softmax: ActivationFunction = { name: 'softmax', axis: -1 };
const sigmoid: ActivationFunction = { name: 'sigmoid' };

function column(values: readonly number[], classNames: readonly string[] | null = null): Targets {
  return { kind: 'column', name: 'y', values: Float64Array.from(values), classNames };
}

const outputs = (count: number, activation: ActivationFunction | null): OutputTraits => ({
  count,
  activation,
});

test('guesses the loss of classes from the last activation', () => {
  const classes = column([0, 2, 1]);
  assert.equal(chooseMeasure(classes, outputs(3, softmax)).loss, 'ce');
  assert.equal(chooseMeasure(classes, outputs(3, sigmoid)).loss, 'ce');
  assert.equal(chooseMeasure(classes, outputs(3, null)).loss, 'ce-logits');
  const logSoftmax: ActivationFunction = { name: 'logSoftmax', axis: -1 };
  assert.equal(chooseMeasure(classes, outputs(3, logSoftmax)).loss, 'ce-logits');
});

test('measures numbers that are no classes by squared error', () => {
  const array: Targets = { kind: 'array', name: 'x', elementsPerSample: 64 };
  const measure = chooseMeasure(array, outputs(64, sigmoid));
  assert.deepEqual([measure.loss, measure.targets], ['mse', 'values']);
  assert.equal(chooseMeasure(column([0.5, 3]), outputs(1, null)).targets, 'values');
  assert.equal(chooseMeasure(column([3, 4]), outputs(1, null)).targets, 'values');
});

test('reads 0 and 1 as classes where a single output is a probability, or is said to be', () => {
  assert.equal(chooseMeasure(column([0, 1]), outputs(1, sigmoid)).targets, 'classes');
  assert.equal(chooseMeasure(column([0, 1]), outputs(1, null)).targets, 'values');
  assert.equal(chooseMeasure(column([0, 1]), outputs(1, null), 'ce-logits').targets, 'classes');
  assert.deepEqual(chooseMeasure(column([0, 1]), outputs(1, sigmoid)).classNames, ['0', '1']);
});

test('keeps the chosen loss and still reads outputs as the last activation gives them', () => {
  const measure = chooseMeasure(column([0, 1, 2]), outputs(3, sigmoid), 'mse');
  assert.deepEqual(
    [measure.loss, measure.targets, measure.outputs],
    ['mse', 'classes', 'probabilities'],
  );
});

test('names classes by the words of the labels', () => {
  const words = column([0, 1, 1], ['no', 'yes']);
  assert.deepEqual(chooseMeasure(words, outputs(2, softmax)).classNames, ['no', 'yes']);
  assert.deepEqual(chooseMeasure(words, outputs(1, sigmoid)).classNames, ['no', 'yes']);
});

test('says both numbers where labels and outputs do not fit', () => {
  assertRefused(column([0, 3]), outputs(3, softmax), /class 3.*0 to 2/);
  assertRefused(column([-1, 0]), outputs(3, softmax), /class -1/);
  assertRefused(column([0, 1], ['a', 'b']), outputs(3, softmax), /2 classes \(a, b\).*3 apart/);
  assertRefused(column([0.5, 1]), outputs(3, softmax), /found 0\.5 in sample 0.*3 outputs/);
  const array: Targets = { kind: 'array', name: 'y', elementsPerSample: 4 };
  assertRefused(array, outputs(3, null), /4 values.*3 outputs/);
});

function assertRefused(targets: Targets, output: OutputTraits, message: RegExp): void {
  assert.throws(
    () => chooseMeasure(targets, output),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    },
  );
}
