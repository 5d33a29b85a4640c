import { FormatError } from '../errors';
import type { ByteSource } from '../io';

/** Bytes in memory as a file, for what had to be decoded as a whole. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    byteLength: bytes.length,
    derived: true,
    readInto(byteOffset, target) {
      if (byteOffset + target.length > bytes.length) return Promise.reject(endsEarly(name, bytes));
      target.set(bytes.subarray(byteOffset, byteOffset + target.length));
      return Promise.resolve();
    },
  };
}

function endsEarly(name: string, bytes: Uint8Array): FormatError {
  return new FormatError({
    format: 'file',
    place: name,
    found: `only ${bytes.length} bytes`,
    allowed: 'as many as its header says',
  });
}

/** A part of a file as a file of its own. */
export function sliceSource(
  source: ByteSource,
  byteOffset: number,
  byteLength: number,
): ByteSource {
  return {
    name: source.name,
    byteLength,
    readInto: (offset, target) => source.readInto(byteOffset + offset, target),
  };
}
