import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { openModelFile } from '../../src/node/openModel';
import { readTensorValues } from '../../src/core/model/readTensor';
import { fixturePath } from './fixtures';

/** Bytes with a shape, batch first. */
export interface ByteArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** The MNIST test digits of the fixtures and their classes, the first `count` of them. */
export async function mnistDigits(
  count: number,
): Promise<{ readonly images: ByteArray; readonly labels: ByteArray }> {
  const opened = await openModelFile(fixturePath('datasets/mnist.npz'));
  try {
    const read = async (name: string) => {
      const tensor = opened.model.tensors.find((candidate) => candidate.name === name);
      if (tensor === undefined) throw new Error(`the fixture has no ${name}`);
      return Uint8Array.from(await readTensorValues(opened.model, tensor));
    };
    const images = (await read('x_test')).subarray(0, count * 784);
    const labels = (await read('y_test')).subarray(0, count);
    return {
      images: { shape: [count, 28, 28], values: images },
      labels: { shape: [count], values: labels },
    };
  } finally {
    await opened.close();
  }
}

/** Source: the IDX format as described with the MNIST database. */
export function encodeIdx({ shape, values }: ByteArray): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.writeUInt8(0x08, 2);
  head.writeUInt8(shape.length, 3);
  shape.forEach((size, axis) => head.writeUInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([head, values]);
}

/** Writes an IDX file in gzip. */
export async function writeIdxGz(folder: string, name: string, array: ByteArray): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, gzipSync(encodeIdx(array)));
  return file;
}

/** Source: NEP 1, version 1.0. */
export async function writeNpy(folder: string, name: string, array: ByteArray): Promise<string> {
  const { shape, values } = array;
  const dict = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const text = `${dict}${' '.repeat(63 - ((10 + dict.length) % 64))}\n`;
  const head = Buffer.from(`\x93NUMPY\x01\x00..${text}`, 'latin1');
  head.writeUInt16LE(text.length, 8);
  const file = path.join(folder, name);
  await writeFile(file, Buffer.concat([head, values]));
  return file;
}

/** A row of an array. */
export function rowOf({ shape, values }: ByteArray, row: number): Uint8Array {
  const [, ...sample] = shape;
  const elements = sample.reduce((product, size) => product * size, 1);
  return values.subarray(row * elements, (row + 1) * elements);
}
