import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  byteSizeText,
  compactCountText,
  numberFieldText,
  percentFieldText,
  percentText,
  setNumberLocale,
  shapeText,
  signedText,
  significantText,
} from '../../../webview/format/numbers';

afterEach(() => setNumberLocale('en'));

/** The texts with an ordinary space, to be read more easily. */
function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

test('counts are shortened for people only where they are long', () => {
  assert.deepEqual([8970, 175_994, 12_345_678, 7.2e9].map(compactCountText).map(plain), [
    '8,970',
    '176 k',
    '12.3 M',
    '7.2 G',
  ]);
});

test('sizes are in units of 1,024 with a digit after the point where they are small', () => {
  assert.deepEqual([192, 4300, 717_163, 4_404_019].map(byteSizeText).map(plain), [
    '192 B',
    '4.2 KB',
    '700 KB',
    '4.2 MB',
  ]);
});

test('a percentage has a unit that does not break off, and a field no needless digits', () => {
  assert.equal(percentText(0.4916), '49.2\u00a0%');
  assert.equal(percentFieldText(0.5), '50\u00a0%');
  assert.equal(percentFieldText(0.3333), '33.33\u00a0%');
});

test('a change has a true minus sign, and is 0 where it rounds to nothing', () => {
  assert.equal(signedText(-0.4, 1), '\u22120.4');
  assert.equal(signedText(0.0436, 4), '+0.0436');
  assert.equal(signedText(-0.00001, 4), '0');
});

test('measured values keep their significant digits whatever their size', () => {
  assert.deepEqual(
    [0, 0.0382, -0.141, 1124.3, 0.0006].map((value) => significantText(value)),
    ['0', '0.0382', '\u22120.141', '1,124', '6.0e\u22124'],
  );
});

test('a field shows a number as it can be typed again', () => {
  assert.equal(numberFieldText(0.04880001), '0.0488');
  assert.equal(numberFieldText(1234.5), '1235');
  assert.equal(numberFieldText(0.000012), '0.00001200');
});

test('numbers follow the language of the window', () => {
  setNumberLocale('de');
  assert.equal(percentText(0.4916), '49,2\u00a0%');
  assert.equal(compactCountText(8970), '8.970');
});

test('an unknown language leaves English', () => {
  setNumberLocale('tlh');
  assert.equal(percentText(0.4916), '49.2\u00a0%');
});

test('a shape is joined by times signs', () => {
  assert.equal(shapeText([64, 32, 3, 3]), '64×32×3×3');
});
