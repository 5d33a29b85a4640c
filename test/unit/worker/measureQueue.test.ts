import assert from 'node:assert/strict';
import test from 'node:test';
import type { TensorEntry } from '../../../src/core/model/model';
import { MeasureQueue } from '../../../src/worker/measureQueue';

function tensorsNamed(names: string): TensorEntry[] {
  return names.split('').map((name) => ({
    name,
    shape: [1],
    dtype: 'float32',
    elementCount: 1,
    storedElementBytes: 4,
    spans: [],
    littleEndian: true,
    storageOrder: null,
    role: 'parameter',
  }));
}

function orderOf(queue: Iterable<TensorEntry>): string {
  return [...queue].map(({ name }) => name).join('');
}

test('without a preference the order is the file’s', () => {
  assert.equal(orderOf(new MeasureQueue(tensorsNamed('abcd'))), 'abcd');
});

test('what is in sight comes first, in the order of the view, then the rest, each once', () => {
  const queue = new MeasureQueue(tensorsNamed('abcdef'));
  queue.prefer(['e', 'b', 'e', 'unknown']);
  assert.equal(orderOf(queue), 'ebacdf');
});

test('a new preference counts from the next tensor on, and the one before no more', () => {
  const queue = new MeasureQueue(tensorsNamed('abcdefgh'));
  queue.prefer(['h', 'g', 'f']);
  let order = '';
  for (const { name } of queue) {
    order += name;
    if (name === 'h') queue.prefer(['d', 'h', 'c']);
  }
  assert.equal(order, 'hdcabefg');
});
