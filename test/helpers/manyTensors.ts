import { writeFile } from 'node:fs/promises';
import { seededRandom } from './random';

const SHAPE = [4, 8];
const BYTES = 4 * 8 * 4;

/** Writes a safetensors file of `count` small float32 tensors, named block.0000.weight and so on. */
export async function writeManyTensors(file: string, count: number): Promise<void> {
  const header: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const name = `block.${String(i).padStart(4, '0')}.weight`;
    header[name] = { dtype: 'F32', shape: SHAPE, data_offsets: [i * BYTES, (i + 1) * BYTES] };
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(json.length);
  const random = seededRandom(7);
  const values = Float32Array.from({ length: (count * BYTES) / 4 }, () => random() - 0.5);
  await writeFile(file, Buffer.concat([length, json, Buffer.from(values.buffer)]));
}
