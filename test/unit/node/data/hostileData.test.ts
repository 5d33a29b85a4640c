import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type TestContext, test } from 'node:test';
import { CancelledError, FormatError, SecateurError } from '../../../../src/core/errors';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import { loadData } from '../../../../src/node/data/loadData';
import { graphTraits } from '../../../../src/node/data/modelTraits';
import { encodeIdx } from '../../../helpers/dataEncoders';
import { readFixture, temporaryFolder } from '../../../helpers/fixtures';
import { seededRandom } from '../../../helpers/random';
import { graphTaking } from './dataFiles';

const IDX = encodeIdx({ shape: [6, 2, 2], values: Uint8Array.from({ length: 24 }, (_, i) => i) });

test('an IDX file says what its head claims and what it has', async (t) => {
  await assertRefused(
    t,
    'short.idx',
    IDX.subarray(0, 30),
    /short\.idx.*30 bytes.*40 for \[6, 2, 2\]/,
  );
  await assertRefused(t, 'long.idx', Buffer.concat([IDX, IDX]), /80 bytes.*40 for/);
  const huge = Buffer.from(IDX);
  huge.fill(0xff, 4, 16);
  await assertRefused(t, 'huge.idx', huge, /40 bytes.*for \[4294967295, 4294967295, 4294967295\]/);
  const deep = Buffer.alloc(400);
  deep.set([0, 0, 8, 90]);
  await assertRefused(t, 'deep.idx', deep, /000008 ?5a.*1 to 64 axes/);
});

test('gzip that holds less, more, or other bytes than it says is refused before memory is taken', async (t) => {
  const gzip = gzipSync(IDX);
  await assertRefused(t, 'cut.gz', gzip.subarray(0, gzip.length - 9), /cut\.gz/);
  const claims = Buffer.from(IDX);
  claims.writeUInt32BE(0x40000000, 4);
  await assertRefused(
    t,
    'claims.gz',
    gzipSync(claims),
    /claims\.gz.*allowed: 4294967312 inflated bytes/,
  );
  await assertRefused(t, 'two.gz', Buffer.concat([gzip, gzipSync('more')]), /two\.gz/);
  const other = Buffer.from(gzip);
  other.writeUInt32LE(1, gzip.length - 8);
  await assertRefused(t, 'other.gz', other, /other\.gz.*CRC-32/);
  await assertRefused(t, 'text.gz', gzipSync('a,b\n1,2\n'), /idx: text\.gz.*found 8 bytes/);
});

test('JSON lines name the row and the element that differs from the first', async (t) => {
  const first = '{"x": [[1, 2], [3, 4]], "label": 0}\n';
  for (const [second, message] of [
    [
      '{"x": [[1, 2], [3]], "label": 0}',
      /lines\.jsonl, x, row 1\[1\]: found 1 elements; allowed: a list of 2/,
    ],
    ['{"x": [[1, 2], 3], "label": 0}', /row 1\[1\]: found 3; allowed: a list of 2/],
    ['{"x": [[1, 2], ["a", 3]], "label": 0}', /row 1\[1\]\[0\]: found "a"; allowed: a number/],
    ['{"label": 0}', /x, row 1: found nothing; allowed: a list of 2/],
    ['{"x": [[1, 2], [3, 4]], "label": null}', /label, row 1: found nothing/],
    ['[1, 2]', /row 1.*a value that is no object/],
    ['{"x": ', /row 1.*invalid JSON/],
    [`{"x": ${'['.repeat(500)}`, /row 1.*nested more than 128 levels/],
  ] as const) {
    await assertRefused(t, 'lines.jsonl', Buffer.from(first + second), message);
  }
});

test('Parquet and IDX files with bytes changed or cut off give an error of their kind, or data', async (t) => {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const parquet = parquetWriteBuffer({
    columnData: [
      {
        name: 'x',
        data: Array.from({ length: 50 }, (_, i) => [i, i + 1, i + 2, i + 3]),
        type: 'JSON',
      },
      { name: 'a', data: Float32Array.from({ length: 50 }, (_, i) => i), type: 'FLOAT' },
      { name: 'b', data: Float64Array.from({ length: 50 }, (_, i) => i % 5), type: 'DOUBLE' },
      { name: 'label', data: Array.from({ length: 50 }, (_, i) => `w${i % 3}`), type: 'STRING' },
    ],
    rowGroupSize: 20,
  });
  const random = seededRandom(11);
  for (const [name, bytes, inputs] of [
    ['data.parquet', new Uint8Array(parquet), 2],
    ['data.gz', new Uint8Array(gzipSync(IDX)), 4],
  ] as const) {
    for (let step = 0; step < 400; step++) {
      const mutant = Uint8Array.from(bytes);
      const at = Math.floor(random() * bytes.length);
      mutant[at] = Math.floor(random() * 256);
      const cut = step % 3 === 0 ? mutant.subarray(0, at) : mutant;
      await readOrRefused(t, name, cut, inputs);
    }
  }
});

test('names the codec of Parquet pages that are packed otherwise', async (t) => {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const parquet = parquetWriteBuffer({
    columnData: [
      { name: 'a', data: Float32Array.from({ length: 500 }, (_, i) => i), type: 'FLOAT' },
      { name: 'label', data: Int32Array.from({ length: 500 }, () => 1), type: 'INT32' },
    ],
    codec: 'LZ4_RAW',
    compressors: { LZ4_RAW: (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1) },
  });
  await assertRefused(t, 'lz4.parquet', Buffer.from(parquet), /found LZ4_RAW; supported.*ZSTD/);
});

test('follows links in folders of pictures, but not round in a circle', async (t) => {
  const folder = await temporaryFolder(t);
  const png = await readFixture('images/grey8.png');
  for (const name of ['b', 'a']) {
    await mkdir(path.join(folder, name, 'inner'), { recursive: true });
    await writeFile(path.join(folder, name, 'inner', '1.png'), png);
    await symlink(folder, path.join(folder, name, 'loop'));
    await symlink(path.join(folder, 'nowhere'), path.join(folder, name, 'broken'));
  }
  await symlink(path.join(folder, 'self'), path.join(folder, 'self'));
  const data = await open(t, { file: folder }, [29, 41, 1]);
  const [targets] = data.targets;
  assert.ok(targets?.kind === 'column');
  assert.deepEqual(targets.classNames, ['a', 'b']);
  // Through the circle each class sees the other's picture too, once.
  assert.equal(data.sampleCount, targets.values.length);
  assert.ok(data.sampleCount <= 4);
});

test('a picture that is none is named with its folder', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, 'cat'));
  await writeFile(path.join(folder, 'cat', 'a.png'), 'GIF89a');
  await assert.rejects(
    loadData({ file: folder }, graphTaking({ x: [8, 8, 1] })),
    /cat.a\.png.*47494638.*supported: PNG and JPEG/,
  );
});

test('a folder with neither pictures nor arrays says what was looked for', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'notes.txt'), 'nothing');
  const graph = graphTaking({ x: [8] });
  await assert.rejects(loadData({ file: folder }, graph), /notes\.txt.*folder of pictures/);
  await mkdir(path.join(folder, 'inside'));
  await assert.rejects(loadData({ file: folder }, graph), /no picture in 1 folders/);
});

test('can be cancelled while a file is looked through', async (t) => {
  const file = path.join(await temporaryFolder(t), 'long.jsonl');
  await writeFile(file, '{"a": 1, "b": 2}\n'.repeat(400_000));
  const graph = graphTaking({ x: [1] });
  const signal = { aborted: false };
  const report = () => {
    signal.aborted = true;
  };
  const loading = loadData({ file }, graph, graphTraits(graph), { signal, report });
  await assert.rejects(loading, CancelledError);
});

async function assertRefused(
  t: TestContext,
  name: string,
  bytes: Uint8Array,
  message: RegExp,
): Promise<void> {
  const file = path.join(await temporaryFolder(t), name);
  await writeFile(file, bytes);
  await assert.rejects(readAll(t, file, name.endsWith('.parquet') ? 1 : 4), (error) => {
    assert.ok(error instanceof SecateurError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

/** Broken bytes are an error that names their kind, never one of the language. */
async function readOrRefused(
  t: TestContext,
  name: string,
  bytes: Uint8Array,
  inputs: number,
): Promise<void> {
  const file = path.join(await temporaryFolder(t), name);
  await writeFile(file, bytes);
  try {
    await readAll(t, file, inputs);
  } catch (error) {
    assert.ok(error instanceof SecateurError, error instanceof Error ? error.stack : '');
    if (error instanceof FormatError) assert.ok(error.detail.allowed.length > 0);
  }
}

async function readAll(t: TestContext, file: string, inputs: number): Promise<void> {
  const data = await open(t, { file }, [inputs]);
  await data.readBatch(0, data.sampleCount);
}

async function open(t: TestContext, recipe: DataRecipe, shape: readonly number[]) {
  const data = await loadData(recipe, graphTaking({ x: shape }));
  t.after(() => data.close());
  return data;
}
