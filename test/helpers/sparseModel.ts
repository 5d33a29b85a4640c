import { open } from 'node:fs/promises';

/**
 * Writes a safetensors file of one float32 matrix of zeros that takes no room on the disk.
 * @param byteLength of the matrix, a multiple of 64 KiB
 */
export async function writeSparseModel(file: string, byteLength: number): Promise<void> {
  const columns = 16_384;
  const rows = byteLength / (4 * columns);
  const header = {
    'dense.weight': { dtype: 'F32', shape: [rows, columns], data_offsets: [0, byteLength] },
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const handle = await open(file, 'w');
  try {
    await handle.write(Buffer.concat([length, json]));
    await handle.truncate(8 + json.length + byteLength);
  } finally {
    await handle.close();
  }
}
