import assert from 'node:assert/strict';
import test from 'node:test';
import { numberList } from '../../../src/cli/numberList';
import { UsageError } from '../../../src/core/errors';

const parsed = (text: string): readonly number[] | undefined =>
  numberList({ levels: text }, 'levels');

test('a range has both ends and no rounding errors, and stands among numbers', () => {
  assert.deepEqual(parsed('0:0.3:0.1'), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(parsed('0:0.95:0.05')!.length, 20);
  assert.deepEqual(parsed('0.5,0.8:0.9:0.05,0.99'), [0.5, 0.8, 0.85, 0.9, 0.99]);
  assert.deepEqual(parsed('7'), [7]);
  assert.equal(numberList({}, 'levels'), undefined);
});

for (const text of [
  '',
  'a',
  '0:1',
  '0:1:0',
  '1:0:0.1',
  '0:1:-1',
  '0:1:1e-9',
  '0:1:0.1:2',
  '1,,2',
]) {
  test(`refuses the list ${JSON.stringify(text)}`, () => {
    assert.throws(() => parsed(text), UsageError);
  });
}
