import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Group } from 'h5wasm';
import { readBytes } from '../../src/core/io';
import { readZipDirectory } from '../../src/core/formats/zip/readZipDirectory';
import { DEFLATED } from '../../src/core/formats/zip/zipRecords';
import { compression } from '../../src/node/compression';
import { openFileSource } from '../../src/node/fileSource';
import { temporaryFolder } from './fixtures';

/** The numeric data sets of an HDF5 file as the HDF5 library itself reads them (h5wasm), by path. */
export async function readHdf5Arrays(
  file: string,
  skip: (path: string) => boolean = () => false,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { File, ready } = await import('h5wasm/node');
  await ready;
  const opened = new File(file, 'r');
  try {
    const arrays = new Map<string, readonly number[]>();
    for (const name of pathsOf(opened)) {
      const entity = skip(name) ? null : opened.get(name);
      if (entity === null || !('dtype' in entity) || !('value' in entity)) continue;
      const { value } = entity;
      const list = ArrayBuffer.isView(value) ? Array.from(value as Float32Array, Number) : [value];
      if (list.every((one) => typeof one === 'number' || typeof one === 'bigint')) {
        arrays.set(name, list.map(Number));
      }
    }
    return arrays;
  } finally {
    opened.close();
  }
}

function pathsOf(root: Group): readonly string[] {
  return root.paths().map((name) => name.replace(/^\//, ''));
}

/** Unpacks a member of a zip archive into a file of its own and returns its path. */
export async function unpackMember(t: TestContext, archive: string, name: string): Promise<string> {
  const source = await openFileSource(archive, path.basename(archive));
  try {
    const members = await readZipDirectory(source, 'zip');
    const member = members.find((one) => one.name === name)!;
    const stored = await readBytes(source, member.dataOffset, member.compressedBytes);
    const { byteLength } = member;
    const bytes =
      member.method === DEFLATED
        ? await compression.inflate(stored, { byteLength, place: name, wrapper: 'raw' })
        : stored;
    const unpacked = path.join(await temporaryFolder(t), name);
    await writeFile(unpacked, bytes);
    return unpacked;
  } finally {
    await source.close();
  }
}
