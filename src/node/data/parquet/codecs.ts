import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { UnsupportedError } from '../../../core/errors';

/**
 * What unpacks pages: each gives exactly as many bytes as the page's head says, or fails.
 * LZ4 and LZO, which no common writer uses unasked, are not unpacked.
 */
export async function supportedCodecs(): Promise<Compressors> {
  const { snappyUncompress } = await import('hyparquet');
  const { decompress } = await import('fzstd');
  return {
    SNAPPY: (input, outputLength) => {
      const output = new Uint8Array(outputLength);
      snappyUncompress(input, output);
      return output;
    },
    GZIP: (input, outputLength) => gunzipSync(input, { maxOutputLength: atLeastOne(outputLength) }),
    BROTLI: (input, outputLength) =>
      brotliDecompressSync(input, { maxOutputLength: atLeastOne(outputLength) }),
    ZSTD: (input, outputLength) => decompress(input, new Uint8Array(outputLength)),
    LZ4: () => refuse('LZ4'),
    LZ4_RAW: () => refuse('LZ4_RAW'),
    LZO: () => refuse('LZO'),
  };
}

function atLeastOne(byteLength: number): number {
  return Math.max(1, byteLength);
}

function refuse(codec: string): never {
  throw new UnsupportedError({
    feature: 'compression of Parquet pages',
    found: codec,
    supported: 'none, SNAPPY, GZIP, BROTLI and ZSTD',
  });
}
