import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteFieldText, parseByteSize } from '../../../webview/format/byteField';

test('a size is read in units of 1,024, with or without the B, or as bytes', () => {
  assert.equal(parseByteSize('400 KB'), 409600);
  assert.equal(parseByteSize('1.5MiB'), 1572864);
  assert.equal(parseByteSize('2g'), 2 * 1024 ** 3);
  assert.equal(parseByteSize('1234'), 1234);
});

test('what is no size, or less than a byte, is refused', () => {
  for (const text of ['', 'KB', 'a lot', '0', '-1 KB', '1e30 GB']) {
    assert.equal(parseByteSize(text), null, text);
  }
});

test('the text of a size is read back as about the same size', () => {
  for (const bytes of [1, 1023, 1024, 402_345, 5 * 1024 ** 3 + 12345]) {
    const read = parseByteSize(byteFieldText(bytes)) ?? 0;
    assert.ok(Math.abs(read - bytes) <= bytes * 5e-4, `${byteFieldText(bytes)} is ${read}`);
  }
});
