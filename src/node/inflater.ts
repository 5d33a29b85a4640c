import { inflateRaw as zlibInflateRaw } from 'node:zlib';
import { FormatError } from '../core/errors';
import type { Inflater } from '../core/io';

/** zlib, bounded by the size the archive claims: one byte more is refused. */
export const inflater: Inflater = {
  inflateRaw(compressed, byteLength, place) {
    return new Promise((resolve, reject) => {
      const options = { maxOutputLength: Math.max(1, byteLength) };
      zlibInflateRaw(compressed, options, (error, bytes) => {
        const found = error === null ? `${bytes.length} bytes` : error.message;
        if (error === null && bytes.length === byteLength) {
          resolve(aligned(bytes));
        } else {
          reject(
            new FormatError({
              format: 'zip',
              place,
              found,
              allowed: `a deflate stream of ${byteLength} bytes`,
            }),
          );
        }
      });
    });
  },
};

/** In a buffer of its own, at its start. */
function aligned(bytes: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
