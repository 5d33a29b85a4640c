// What is differentiated of each sample: every element that is its own, wherever the samples lie.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DenseArray } from '../../../../src/core/graph/executor';
import { sampleObjectives } from '../../../../src/engines/tfjs/gradients/sampleObjectives';

/** The elements that are chosen at a time. */
async function chosen(
  shape: readonly number[],
  batchSize: number,
  countedSamples: number,
): Promise<readonly (readonly number[])[]> {
  const size = shape.reduce((product, n) => product * n, 1);
  const output: DenseArray = { shape, values: new Float32Array(size) };
  const objective = { kind: 'each-output', countedSamples } as const;
  const outputs = (): Promise<readonly DenseArray[]> => Promise.resolve([output]);
  const found: number[][] = [];
  for await (const one of sampleObjectives(objective, batchSize, outputs)) {
    assert.ok(one.kind === 'weighted-outputs');
    const [weights] = one.weights;
    found.push([...weights!.entries()].filter(([, weight]) => weight === 1).map(([i]) => i));
  }
  return found;
}

test('takes every element of a sample alone, also where its axis is not in front', async () => {
  const states = await chosen([2, 1, 3], 1, 1);
  assert.deepEqual(states, [[0], [1], [2], [3], [4], [5]]);
});

test('takes an element of all samples that count at once', async () => {
  assert.deepEqual(await chosen([3, 2], 3, 2), [
    [0, 2],
    [1, 3],
  ]);
});

test('finds the samples of states along their own axis', async () => {
  // [directions, samples, units]
  assert.deepEqual(await chosen([2, 3, 2], 3, 2), [
    [0, 2],
    [1, 3],
    [6, 8],
    [7, 9],
  ]);
});

test('takes rows for parts of samples where no axis has their number', async () => {
  assert.deepEqual(await chosen([4, 1], 2, 2), [
    [0, 2],
    [1, 3],
  ]);
});
