import { open } from 'node:fs/promises';
import { seededRandom } from './random';

const BLOCK_ELEMENTS = 2 ** 18;
const COLUMNS = 2048;

/**
 * Writes a safetensors file of one float32 matrix of random numbers: one block of 1 MiB over and
 * over, which costs little to make and does not compress.
 */
export async function writeRandomModel(file: string, mebibytes: number): Promise<void> {
  const rows = (mebibytes * BLOCK_ELEMENTS) / COLUMNS;
  const byteLength = 4 * rows * COLUMNS;
  const header = {
    'dense.weight': { dtype: 'F32', shape: [rows, COLUMNS], data_offsets: [0, byteLength] },
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const random = seededRandom(1);
  const block = Buffer.from(
    Float32Array.from({ length: BLOCK_ELEMENTS }, () => random() - 0.5).buffer,
  );
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(Buffer.concat([length, json]));
    for (let i = 0; i < mebibytes; i++) await handle.writeFile(block);
  } finally {
    await handle.close();
  }
}
