import assert from 'node:assert/strict';
import test from 'node:test';
import { metadataView } from '../../../src/worker/metadataView';

test('nested metadata is a flat list of texts', () => {
  const entries = metadataView({ writer: 'keras', config: { units: 3, dtype: { name: 'f32' } } });
  assert.deepEqual(entries, [
    { key: 'writer', value: 'keras' },
    { key: 'config.units', value: '3' },
    { key: 'config.dtype.name', value: 'f32' },
  ]);
});

test('what is long, wide or deep is cut, whatever the file holds', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = { inner: deep };
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key${i}`, i]));
  const entries = metadataView({ long: 'x'.repeat(10_000), deep, list: [1, [2], { a: 3 }], wide });
  assert.equal(entries.length, 200);
  assert.ok(entries.every(({ key, value }) => key.length <= 501 && value.length <= 501));
  assert.deepEqual(entries[1], { key: 'deep.inner.inner', value: '{inner}' });
  assert.deepEqual(entries[2], { key: 'list', value: '[1, [1], {a}]' });
});
