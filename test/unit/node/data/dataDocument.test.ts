import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { DATA_FIELDS, parseDataRecipe } from '../../../../src/core/recipe/parseDataRecipe';
import { RecipeReader } from '../../../../src/core/recipe/recipeReader';
import { dataKind } from '../../../../src/node/data/dataKind';
import { loadData } from '../../../../src/node/data/loadData';
import { mnistDigits, rowOf, writeIdxGz, writeNpy } from '../../../helpers/dataEncoders';
import { fixturePath, projectRoot, temporaryFolder } from '../../../helpers/fixtures';
import { graphTaking } from './dataFiles';

const document = path.join(projectRoot, 'docs/data.md');

test('every example of the document opens the data it is about', async (t) => {
  const folder = await sampleFiles(t);
  const blocks = [...(await readFile(document, 'utf8')).matchAll(/```json\n([^]*?)```/g)];
  const kinds = new Set<string>();
  for (const [, text = ''] of blocks) {
    const recipe = parseDataRecipe(RecipeReader.of(JSON.parse(text), 'docs/data.md'));
    const file = path.join(folder, recipe.file);
    const columns = recipe.inputs?.length ?? 4;
    const shape = recipe.file === 'flowers.csv' ? [columns] : [28, 28, 1];
    const data = await loadData({ ...recipe, file }, graphTaking({ x: shape }));
    const { inputs } = await data.readBatch(0, data.sampleCount);
    assert.equal(data.targets.length, 1, text);
    assert.ok((inputs[0]?.values.length ?? 0) > 0, text);
    const largest = inputs[0]?.values.reduce((most, value) => Math.max(most, value), 0) ?? 0;
    if (shape.length === 3) assert.ok(largest > 0.5 && largest <= 1, `${text}: ${largest}`);
    kinds.add(await dataKind(file));
    await data.close();
  }
  assert.deepEqual([...kinds].sort(), [
    'arrays',
    'csv',
    'images',
    'jsonl',
    'npy',
    'npz',
    'parquet',
  ]);
});

test('the document names every field of the data', async () => {
  const text = await readFile(document, 'utf8');
  for (const field of DATA_FIELDS) {
    // Folds and top-k are a matter of evaluation.
    if (field !== 'folds' && field !== 'topK')
      assert.match(text, new RegExp(`["\`]${field}["\`]`), field);
  }
});

test('the schema that editors read has every field of the data', async () => {
  const text = await readFile(path.join(projectRoot, 'media/recipe.schema.json'), 'utf8');
  const schema = JSON.parse(text) as {
    readonly properties: { readonly data: { readonly properties: object } };
  };
  const fields = Object.keys(schema.properties.data.properties);
  assert.deepEqual(fields.sort(), [...DATA_FIELDS].sort());
});

/** What the examples name, of the fixtures' digits and flowers. */
async function sampleFiles(t: TestContext): Promise<string> {
  const { encode } = await import('fast-png');
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const folder = await temporaryFolder(t);
  const { images, labels } = await mnistDigits(20);
  await cp(fixturePath('datasets/mnist.npz'), path.join(folder, 'digits.npz'));
  await writeNpy(folder, 'x_test.npy', images);
  await writeNpy(folder, 'digits.npy', labels);
  await mkdir(path.join(folder, 'mnist'));
  for (const part of ['train', 't10k']) {
    await writeIdxGz(path.join(folder, 'mnist'), `${part}-images-idx3-ubyte.gz`, images);
    await writeIdxGz(path.join(folder, 'mnist'), `${part}-labels-idx1-ubyte.gz`, labels);
  }
  const iris = await readFile(fixturePath('datasets/iris.csv'), 'utf8');
  const rows = iris.split(/\r?\n/).slice(1).join('\n');
  await writeFile(path.join(folder, 'flowers.csv'), `a,b,c,d,species\n${rows}`);
  const pictures: Uint8Array[] = [];
  const lines: string[] = [];
  for (const [row, label] of labels.values.entries()) {
    const data = rowOf(images, row);
    const png = encode({ width: 28, height: 28, data, channels: 1 });
    pictures.push(png);
    lines.push(JSON.stringify({ image: [...data], label }));
    await mkdir(path.join(folder, 'pictures', String(label)), { recursive: true });
    await writeFile(path.join(folder, 'pictures', String(label), `${row}.png`), png);
  }
  await writeFile(path.join(folder, 'digits.jsonl'), lines.join('\n'));
  const columnData = [
    { name: 'image', data: pictures, type: 'BYTE_ARRAY' as const },
    { name: 'label', data: Int32Array.from(labels.values), type: 'INT32' as const },
  ];
  const parquet = parquetWriteBuffer({ columnData });
  await writeFile(path.join(folder, 'digits.parquet'), new Uint8Array(parquet));
  return folder;
}
