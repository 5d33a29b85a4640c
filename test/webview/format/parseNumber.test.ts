import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { percentFieldText, setNumberLocale } from '../../../webview/format/numbers';
import { parseNumber, parseShare } from '../../../webview/format/parseNumber';

afterEach(() => setNumberLocale('en'));

test('numbers are read as people type them', () => {
  assert.equal(parseNumber(' 0.5 '), 0.5);
  assert.equal(parseNumber('\u22120,25'), -0.25);
  assert.equal(parseNumber('1,234'), 1234);
  assert.equal(parseNumber('1.234,5'), 1234.5);
  assert.equal(parseNumber('1e-3'), 0.001);
});

test('a comma is the point where the language has it so', () => {
  setNumberLocale('de');
  assert.equal(parseNumber('1,234'), 1.234);
});

test('what is no number is none', () => {
  assert.equal(parseNumber(''), null);
  assert.equal(parseNumber('half'), null);
  assert.equal(parseNumber('1..2'), null);
});

test('a share is a percentage from 0 to 100, and nothing else', () => {
  assert.equal(parseShare('80 %'), 0.8);
  assert.equal(parseShare('33.33'), 0.3333);
  assert.equal(parseShare('140'), null);
  assert.equal(parseShare('-1'), null);
});

test('what a percentage field shows is read back as it was', () => {
  for (const share of [0, 0.1, 0.29, 0.57, 0.801, 1]) {
    assert.equal(parseShare(percentFieldText(share)), share);
  }
});
