import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { FormatError, UnsupportedError } from '../../../../src/core/errors';
import type { Operator } from '../../../../src/core/graph/operators/operator';
import type { RunContext } from '../../../../src/engines/tfjs/runContext';
import { runNode } from '../../../../src/engines/tfjs/runNode';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';

before(async () => {
  await startTfjs();
});

const whole = (values: readonly number[]): tf.Tensor => tf.tensor1d([...values], 'int32');

test('names an operator that it does not have, with the reason and what there is', () => {
  const operator: Operator = { kind: 'opaque', name: 'Loop', reason: 'its body is a graph' };
  assert.throws(
    () => run(operator, []),
    (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.message, /layer y: found operator Loop \(its body is a graph\)/);
      assert.match(error.message, /supported: activation, .*unary/);
      return true;
    },
  );
});

for (const index of [-4, 3, 2 ** 31 - 1]) {
  test(`refuses the index ${index} of an axis of 3 instead of reading beside it`, () => {
    for (const kind of ['gather', 'gatherElements'] as const) {
      const inputs = [tf.tensor1d([1, 2, 3]), whole([index])];
      assert.throws(() => run({ kind, axis: 0 }, inputs), isFormatError(`index ${index}`));
    }
  });
}

test('refuses what does not fit before the engine sees it', () => {
  const dense: Operator = { kind: 'dense', kernelLayout: 'in-out' };
  assert.throws(() => run(dense, [tf.ones([2, 3]), tf.ones([4, 5])]), isFormatError('3 values'));
  assert.throws(() => run(dense, [tf.ones([2, 3])]), isFormatError('no input 1'));
});

test('refuses an array that the heap has no room for', () => {
  const operator: Operator = { kind: 'tile', repeats: [2 ** 30] };
  assert.throws(() => run(operator, [tf.ones([4])]), UnsupportedError);
});

test('keeps integers exact where float32 would round them', () => {
  const big = whole([2 ** 30 + 1, -(2 ** 30) - 1]);
  const add: Operator = { kind: 'merge', mode: 'add', alignment: 'leading' };
  assert.deepEqual(run(add, [big, whole([1, 1])]), [2 ** 30 + 2, -(2 ** 30)]);
  const sum: Operator = { kind: 'reduce', mode: 'sum', axes: null, keepDims: false };
  assert.deepEqual(run(sum, [big]), [0]);
  const equal: Operator = { kind: 'compare', mode: 'equal' };
  assert.deepEqual(run(equal, [big, whole([2 ** 30, 2 ** 30])]), [0, 0]);
});

test('gives a norm of zeros a gradient of zeros', () => {
  const norm: Operator = { kind: 'reduce', mode: 'l2', axes: [0], keepDims: false };
  const gradient = tf.grad((x) => runTensor(norm, [x]))(tf.zeros([4]));
  assert.deepEqual([...gradient.dataSync()], [0, 0, 0, 0]);
});

const training: RunContext = { training: true, seed: 5, takeStatistics: null };

test('drops in training as many as the rate says, by the seed, and scales the others', () => {
  const dropout: Operator = { kind: 'dropout', rate: 0.25, sharedAxes: [] };
  const values = run(dropout, [tf.ones([10_000])], training);
  const dropped = values.filter((value) => value === 0).length;
  // Four standard deviations of a binomial distribution.
  assert.ok(Math.abs(dropped - 2500) < 4 * Math.sqrt(10_000 * 0.25 * 0.75), `${dropped}`);
  assert.ok(values.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6));
  assert.deepEqual(run(dropout, [tf.ones([10_000])], training), values);
  assert.notDeepEqual(run(dropout, [tf.ones([10_000])], { ...training, seed: 6 }), values);
});

test('drops whole channels where the noise is shared along the others', () => {
  const dropout: Operator = { kind: 'dropout', rate: 0.5, sharedAxes: [1, 2] };
  const values = run(dropout, [tf.ones([1, 3, 3, 8])], training);
  const first = values.slice(0, 8);
  assert.ok(first.includes(0) && first.includes(2));
  values.forEach((value, i) => assert.equal(value, first[i % 8]));
});

test('normalises in training by the statistics of the batch, and hands them on', () => {
  const operator: Operator = { kind: 'batchNormalization', axis: 1, epsilon: 0, momentum: 0.9 };
  const x = tf.tensor2d([
    [1, 10],
    [3, 30],
  ]);
  const taken: number[][] = [];
  const context: RunContext = {
    ...training,
    takeStatistics: (mean, variance) => {
      taken.push([...mean.dataSync()], [...variance.dataSync()]);
    },
  };
  const stored = [tf.zeros([2]), tf.ones([2])];
  const values = run(operator, [x, null, null, ...stored], context);
  assert.deepEqual(taken, [
    [2, 20],
    [1, 100],
  ]);
  values.forEach((value, i) => assert.ok(Math.abs(value - [-1, -1, 1, 1][i]!) < 1e-5));
});

function runTensor(
  operator: Operator,
  inputs: readonly (tf.Tensor | null)[],
  context?: RunContext,
): tf.Tensor {
  const node = { id: 'y', layer: 'y', operator, inputs: [], outputs: [] };
  return runNode(node, inputs, context)[0]!;
}

function run(
  operator: Operator,
  inputs: readonly (tf.Tensor | null)[],
  context?: RunContext,
): readonly number[] {
  return [...runTensor(operator, inputs, context).dataSync()];
}

function isFormatError(words: string): (error: unknown) => boolean {
  return (error) => error instanceof FormatError && error.message.includes(words);
}
