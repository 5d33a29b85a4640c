import assert from 'node:assert/strict';
import test from 'node:test';
import type { TensorStatisticsView, TensorView } from '../../../src/protocol/views';
import { equalCandidates } from '../../../src/host/inspector/equalCandidates';

function tensor(name: string, elementCount = 16): TensorView {
  return { name, shape: [elementCount], dtype: 'float32', elementCount, role: 'parameter' };
}

function statistics(tensor: string, mean: number, max = 1): [string, TensorStatisticsView] {
  const histogram = { edges: [], counts: [] };
  return [
    tensor,
    {
      tensor,
      statistics: {
        ...{ count: 16, min: 0, max, mean, std: 1, zeros: 0, nonFinite: 0, l1: 1, l2: 1 },
        histogram,
      },
      distribution: null,
      constantUnits: null,
    },
  ];
}

test('tensors whose shape and statistics agree are candidates, all of them in one list', () => {
  const tensors = ['a', 'b', 'c', 'd'].map((name) => tensor(name));
  const known = new Map([
    statistics('a', 0.5),
    statistics('b', 0.25),
    statistics('c', 0.5),
    statistics('d', 0.5),
  ]);
  assert.deepEqual(equalCandidates(tensors, known), [['a', 'c', 'd']]);
});

test('constant, tiny and unread tensors are not', () => {
  const known = new Map([
    statistics('zero1', 0, 0),
    statistics('zero2', 0, 0),
    statistics('tiny1', 0.5),
    statistics('tiny2', 0.5),
  ]);
  const tensors = [
    tensor('zero1'),
    tensor('zero2'),
    tensor('tiny1', 4),
    tensor('tiny2', 4),
    tensor('unread1'),
    tensor('unread2'),
  ];
  assert.deepEqual(equalCandidates(tensors, known), []);
});
