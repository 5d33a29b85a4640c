import { type Compression, type ModelFiles, readBytes } from '../../io';
import type { Model } from '../../model/model';
import { readPickleModel } from '../paddle/readPickleModel';
import { startsLegacyPytorch } from '../pickle/legacyMagic';
import { notPytorch } from './pytorchModel';
import { readLegacyPytorch } from './readLegacyPytorch';
import { readZipPytorch } from './readZipPytorch';

const START_BYTES = 16;

/**
 * A PyTorch file in any of its containers: zip archive, legacy, or a bare pickle by the name of one.
 * @throws FormatError, UnsupportedError.
 */
export async function readPytorch({ main }: ModelFiles, compression: Compression): Promise<Model> {
  const start = await readBytes(main, 0, Math.min(START_BYTES, main.byteLength));
  if (start[0] === 0x50 && start[1] === 0x4b) return readZipPytorch(main, compression);
  if (startsLegacyPytorch(start)) return readLegacyPytorch(main);
  if (start.length === 0) throw notPytorch(main, 'an empty file');
  return readPickleModel(main, 'pickle');
}
