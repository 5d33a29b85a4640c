import { type Compression, type ModelFiles, readBytes } from '../../io';
import type { Model } from '../../model/model';
import { readPickleModel } from '../paddle/readPickleModel';
import { notPytorch } from './pytorchModel';
import { readLegacyPytorch } from './readLegacyPytorch';
import { readZipPytorch } from './readZipPytorch';

/** Protocol 2, LONG1 of ten bytes: 0x1950a86a20f9469cfc6c. Source: torch/serialization.py, MAGIC_NUMBER. */
const LEGACY_MAGIC = [
  0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
] as const;

/** Whether a file begins as torch.save's legacy container does. */
export function startsLegacyPytorch(start: Uint8Array): boolean {
  return LEGACY_MAGIC.every((byte, i) => start[i] === byte);
}

/**
 * A PyTorch file in any of its containers: zip archive, legacy, or a bare pickle by the name of one.
 * @throws FormatError, UnsupportedError.
 */
export async function readPytorch({ main }: ModelFiles, compression: Compression): Promise<Model> {
  const start = await readBytes(main, 0, Math.min(LEGACY_MAGIC.length, main.byteLength));
  if (start[0] === 0x50 && start[1] === 0x4b) return readZipPytorch(main, compression);
  if (startsLegacyPytorch(start)) return readLegacyPytorch(main);
  if (start.length === 0) throw notPytorch(main, 'an empty file');
  return readPickleModel(main, 'pickle');
}
