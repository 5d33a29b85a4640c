import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Graph } from '../../../../src/core/graph/graph';
import { batchSizeFor, gradientBatchSizeFor } from '../../../../src/engines/jobs/batchSize';
import {
  ACTIVATION_BUDGET_BYTES,
  GRADIENT_BUDGET_BYTES,
  MAX_BATCH_SAMPLES,
} from '../../../../src/engines/tfjs/limits';

const graph: Graph = {
  inputs: [{ value: 'x', name: 'x', shape: [-1, -1, -1, 3], type: 'float32' }],
  parameters: [],
  constants: [],
  outputs: [{ value: 'y', name: 'y' }],
  nodes: [
    {
      id: 'y',
      layer: 'pad',
      operator: {
        kind: 'pad',
        mode: 'constant',
        sides: [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
        value: 0,
      },
      inputs: ['x'],
      outputs: ['y'],
    },
  ],
};

test('runs small samples many at once, and huge ones singly', () => {
  assert.equal(batchSizeFor(graph, [], [[8, 8, 3]]), MAX_BATCH_SAMPLES);
  assert.equal(batchSizeFor(graph, [], [[10_000, 10_000, 3]]), 1);
});

test('keeps the values of a batch within the budget', () => {
  const samples = batchSizeFor(graph, [], [[1000, 1000, 3]]);
  assert.ok(samples > 1);
  assert.ok(samples * 1002 * 1002 * 3 * 4 * 2 <= ACTIVATION_BUDGET_BYTES);
});

test('differentiates so many samples that all values of the graph keep within the budget', () => {
  const [pad] = graph.nodes;
  const nodes = Array.from({ length: 30 }, (_, i) => ({
    ...pad!,
    id: `y${i}`,
    inputs: [i === 0 ? 'x' : `y${i - 1}`],
    outputs: [`y${i}`],
  }));
  const deep: Graph = { ...graph, nodes, outputs: [{ value: 'y29', name: 'y' }] };
  const samples = gradientBatchSizeFor(deep, [], [[200, 200, 3]]);
  assert.ok(samples > 1);
  assert.ok(samples < batchSizeFor(deep, [], [[200, 200, 3]]));
  assert.ok(samples * 30 * 202 * 202 * 3 * 4 <= GRADIENT_BUDGET_BYTES);
});
