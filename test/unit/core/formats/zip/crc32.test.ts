import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '../../../../../src/core/formats/zip/crc32';
import { seededRandom } from '../../../../helpers/random';

test('the CRC-32 of the check string is the catalogue value', () => {
  // "123456789" → CBF43926: the check value of CRC-32/ISO-HDLC.
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
});

test('a CRC-32 taken in parts is the CRC-32 of the whole', () => {
  const random = seededRandom(1);
  const bytes = Uint8Array.from({ length: 1000 }, () => Math.floor(random() * 256));
  for (let cut = 0; cut <= bytes.length; cut += 37) {
    assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), crc32(bytes));
  }
});
