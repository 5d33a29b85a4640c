// Chunk indexes of a size that no fixture has: files that the HDF5 library itself (h5wasm) writes.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readHdf5 } from '../../../../../src/core/formats/hdf5/readHdf5';
import { compression } from '../../../../../src/node/compression';
import { openFileSource } from '../../../../../src/node/fileSource';
import { temporaryFolder } from '../../../../helpers/fixtures';

/** Above 131,056 elements the blocks of an extensible array are cut into pages. */
const PAGED = 140_000;

interface Case {
  readonly title: string;
  readonly count: number;
  readonly maxShape: readonly (number | null)[];
}

async function writeChunks(t: TestContext, { count, maxShape }: Case): Promise<string> {
  const { File, ready } = await import('h5wasm/node');
  await ready;
  const file = path.join(await temporaryFolder(t), 'chunks.h5');
  const opened = new File(file, 'w', { libver: 'latest' });
  try {
    opened.create_dataset({
      name: 'x',
      data: Uint8Array.from({ length: count }, (_, i) => i % 251),
      shape: maxShape.map((_, axis) => (axis === 0 ? count : 1)),
      maxshape: [...maxShape],
      chunks: maxShape.map(() => 1),
    });
  } finally {
    opened.close();
  }
  return file;
}

const CASES: readonly Case[] = [
  { title: 'an extensible array with pages', count: PAGED, maxShape: [null] },
  { title: 'a fixed array with pages', count: 5000, maxShape: [5000] },
  { title: 'a fixed array for a larger shape', count: 3000, maxShape: [9000] },
  { title: 'a B-tree of several levels', count: 20_000, maxShape: [null, null] },
];

for (const one of CASES) {
  test(`finds every chunk of ${one.title}`, async (t) => {
    const file = await writeChunks(t, one);
    const source = await openFileSource(file, path.basename(file));
    t.after(() => source.close());
    const { datasets } = await readHdf5(source, compression);
    const storage = datasets[0]!.storage;
    assert.equal(storage.kind, 'chunked');
    assert.equal(storage.store.table.storedCount, one.count);
    const values = new Uint8Array(one.count);
    await storage.source.readInto(0, values);
    assert.ok(values.every((value, i) => value === i % 251));
  });
}
