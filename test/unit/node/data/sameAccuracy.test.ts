import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { unattended } from '../../../../src/core/progress';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import { mnistDigits, rowOf, writeIdxGz, writeNpy } from '../../../helpers/dataEncoders';
import { evaluatedFile } from '../../../helpers/evaluatedFile';
import { fixturePath, temporaryFolder } from '../../../helpers/fixtures';

const COUNT = 300;

/** By the npz that every other kind is made from. */
const expected = evaluate({ file: fixturePath('datasets/mnist.npz'), rows: [0, COUNT] });

test('gives the same figures for digits from IDX in gzip, named as MNIST’s', async (t) => {
  const folder = await temporaryFolder(t);
  const { images, labels } = await mnistDigits(COUNT);
  const file = await writeIdxGz(folder, 't10k-images-idx3-ubyte.gz', images);
  await writeIdxGz(folder, 't10k-labels-idx1-ubyte.gz', labels);
  await writeIdxGz(folder, 'train-images-idx3-ubyte.gz', { ...images, shape: [COUNT, 28, 28] });
  await writeIdxGz(folder, 'train-labels-idx1-ubyte.gz', {
    ...labels,
    values: new Uint8Array(COUNT),
  });
  await assertSame({ file });
  await assertSame({ file: folder, split: 'test' });
});

test('gives the same figures for digits from npy files, by name or named', async (t) => {
  const folder = await temporaryFolder(t);
  const { images, labels } = await mnistDigits(COUNT);
  const file = await writeNpy(folder, 'x_test.npy', images);
  await writeNpy(folder, 'y_test.npy', labels);
  await writeNpy(folder, 'digits.npy', labels);
  await assertSame({ file });
  await assertSame({ file, labels: 'digits.npy' });
});

test('gives the same figures for digits from a folder of PNG files', async (t) => {
  const folder = await writePngs(t);
  await assertSame({ file: folder });
});

test('gives the same figures for digits from Parquet, as lists and as pictures', async (t) => {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const { encode } = await import('fast-png');
  const folder = await temporaryFolder(t);
  const { images, labels } = await mnistDigits(COUNT);
  const rows = Array.from({ length: COUNT }, (_, row) => rowOf(images, row));
  const label = { name: 'label', data: Int32Array.from(labels.values) };
  const lists = parquetWriteBuffer({
    columnData: [{ name: 'image', data: rows.map((row) => [...row]) }, label],
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'image', converted_type: 'LIST', num_children: 1, repetition_type: 'REQUIRED' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'label', type: 'INT32', repetition_type: 'REQUIRED' },
    ],
    rowGroupSize: 128,
  });
  const pictures = parquetWriteBuffer({
    columnData: [{ name: 'image', data: rows.map(asPng), type: 'BYTE_ARRAY' }, label],
    rowGroupSize: 128,
  });
  for (const [name, bytes] of Object.entries({ lists, pictures })) {
    const file = path.join(folder, `${name}.parquet`);
    await writeFile(file, new Uint8Array(bytes));
    await assertSame({ file });
  }

  function asPng(data: Uint8Array): Uint8Array {
    return encode({ width: 28, height: 28, data, channels: 1 });
  }
});

test('gives the same figures for digits from JSON lines', async (t) => {
  const { images, labels } = await mnistDigits(COUNT);
  const lines = Array.from({ length: COUNT }, (_, row) => {
    const pixels = rowOf(images, row);
    const image = Array.from({ length: 28 }, (__, y) => [...pixels.subarray(y * 28, y * 28 + 28)]);
    return `${JSON.stringify({ image, label: labels.values[row] })}\n`;
  });
  const file = path.join(await temporaryFolder(t), 'digits.jsonl');
  await writeFile(file, lines.join(''));
  await assertSame({ file });
});

test('gives the same figures for digits in any order', async (t) => {
  const folder = await writePngs(t);
  await assertSame({ file: folder, shuffle: 3 });
  const deflated = {
    file: fixturePath('datasets/mnist.npz'),
    rows: [0, COUNT],
    shuffle: 4,
  } as const;
  await assertSame(deflated);
});

async function writePngs(t: TestContext): Promise<string> {
  const { encode } = await import('fast-png');
  const folder = await temporaryFolder(t);
  const { images, labels } = await mnistDigits(COUNT);
  for (let row = 0; row < COUNT; row++) {
    const inside = path.join(folder, String(labels.values[row]));
    await mkdir(inside, { recursive: true });
    const data = rowOf(images, row);
    await writeFile(
      path.join(inside, `${row}.png`),
      encode({ width: 28, height: 28, data, channels: 1 }),
    );
  }
  return folder;
}

function evaluate(data: DataRecipe) {
  const scaled = { scale: 1 / 255, ...data };
  const model = fixturePath('keras/lenet5.keras');
  return evaluatedFile(
    { path: model, architecture: null, cuts: [], data: scaled, seed: 0 },
    unattended,
  );
}

async function assertSame(data: DataRecipe): Promise<void> {
  const { samples, accuracy, loss } = await evaluate(data);
  const by = await expected;
  assert.equal(samples, COUNT);
  assert.equal(accuracy, by.accuracy);
  assert.ok(Math.abs(loss - by.loss) < 1e-6, `${loss} beside ${by.loss}`);
}
