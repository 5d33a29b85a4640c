import assert from 'node:assert/strict';
import test from 'node:test';
import { NumberText, shapeText } from '../../../src/host/text/numberText';

const english = new NumberText('en');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test('counts and sizes are scaled for people', () => {
  assert.deepEqual(
    [999, 61_706, 175_994, 12_345_678].map((value) => plain(english.count(value))),
    ['999', '61.7 k', '176 k', '12.3 M'],
  );
  assert.deepEqual(
    [912, 4301, 733_881, 4_404_019].map((value) => plain(english.bytes(value))),
    ['912 B', '4.2 KB', '717 KB', '4.2 MB'],
  );
});

test('shares have one digit, and small numbers an exponent with a true minus sign', () => {
  assert.equal(plain(english.percent(0.4684)), '46.8 %');
  assert.deepEqual(
    [0, -0.1412, 0.00061, 1124.6].map((value) => english.decimal(value)),
    ['0', '−0.1412', '6.10e−4', '1,125'],
  );
});

test('a language that is not known is written as English', () => {
  assert.equal(new NumberText('xx-unknown').integer(36_864), '36,864');
  assert.equal(plain(new NumberText('de').percent(0.5)), '50,0 %');
});

test('a shape is written with times signs, a scalar as one', () => {
  assert.equal(shapeText([64, 64, 3, 3]), '64×64×3×3');
  assert.equal(shapeText([]), '1');
});
