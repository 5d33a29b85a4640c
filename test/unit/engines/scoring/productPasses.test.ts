import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productPasses, type SharedCost } from '../../../../src/engines/scoring/productPasses';

const NAMED: Readonly<Record<string, SharedCost>> = {
  query: { key: 'x', bytes: 6 },
  key: { key: 'x', bytes: 6 },
  value: { key: 'x', bytes: 6 },
  output: { key: 'y', bytes: 4 },
  none: { key: '', bytes: 0 },
  large: { key: 'z', bytes: 30 },
  alike: { key: 'z', bytes: 30 },
};

function passes(...names: readonly string[]): readonly (readonly string[])[] {
  return productPasses(names, (name) => NAMED[name]!, 10);
}

test('what is shared counts once in a pass', () => {
  assert.deepEqual(passes('query', 'key', 'value', 'output'), [
    ['query', 'key', 'value', 'output'],
  ]);
});

test('what is above the budget by itself has a pass, with all that share it', () => {
  assert.deepEqual(passes('output', 'large', 'alike', 'none', 'query'), [
    ['output'],
    ['large', 'alike', 'none'],
    ['query'],
  ]);
});

test('what was shared in an earlier pass counts again', () => {
  assert.deepEqual(passes('query', 'large', 'key', 'output', 'value'), [
    ['query'],
    ['large'],
    ['key', 'output', 'value'],
  ]);
});
