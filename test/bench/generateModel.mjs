// A safetensors file of normally distributed float32 weights, the same for the same arguments.
import { closeSync, openSync, writeSync } from 'node:fs';
import { fillNormal, randomNumbers } from './normalNumbers.mjs';

/** Writes `tensorCount` tensors of [rows, columns]; returns the file's length in bytes. */
export function generateModel(file, { tensorCount, rows, columns, seed = 1 }) {
  const header = {};
  const tensorBytes = rows * columns * 4;
  for (let i = 0; i < tensorCount; i++) {
    const name = `layers.${String(i).padStart(3, '0')}.weight`;
    header[name] = {
      dtype: 'F32',
      shape: [rows, columns],
      data_offsets: [i * tensorBytes, (i + 1) * tensorBytes],
    };
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const handle = openSync(file, 'w');
  writeSync(handle, length);
  writeSync(handle, padded);
  const random = randomNumbers(seed);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < tensorCount; i++) {
    fillNormal(values, random, 0.01 + 0.04 * random());
    writeSync(handle, new Uint8Array(values.buffer));
  }
  closeSync(handle);
  return 8 + padded.length + tensorCount * tensorBytes;
}
