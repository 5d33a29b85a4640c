import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Dataset } from '../../../../src/core/evaluation/dataset';
import { FormatError, UsageError } from '../../../../src/core/errors';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import { loadData } from '../../../../src/node/data/loadData';
import { fixturePath } from '../../../helpers/fixtures';
import { graphTaking, writeText } from './dataFiles';

const iris = fixturePath('datasets/iris.csv');

test('takes the column of words as labels, sorted, and the numbers as inputs', async (t) => {
  const data = await load(t, { file: iris, rows: [120, null] }, 4);
  assert.equal(data.sampleCount, 30);
  const [targets] = data.targets;
  assert.ok(targets?.kind === 'column');
  assert.deepEqual(targets.classNames, ['setosa', 'versicolor', 'virginica']);
  assert.equal(targets.values.length, 30);
});

test('reads the same columns with a header or without, with any of the delimiters', async (t) => {
  const rows = ['1.5 2 a', '-3e-1 4 b', '.5 6 a'];
  for (const delimiter of [',', ';', '\t']) {
    for (const header of [[], ['"first" second label']]) {
      const text = [...header, ...rows].join('\r\n').replaceAll(' ', delimiter);
      const data = await load(t, { file: await writeText(t, `\ufeff${text}\r\n\r\n`) }, 2);
      assert.deepEqual(await valuesOf(data), [1.5, 2, -0.3, 4, 0.5, 6].map(Math.fround));
      assert.equal(columnOf(data)?.values.join(), '0,1,0');
    }
  }
});

test('chooses columns by name or by index, from the end too', async (t) => {
  const file = await writeText(t, 'a,b,c\n1,2,3\n4,5,6\n');
  const labelsOf = async (labels: string) => {
    const data = await load(t, { file, labels }, 2);
    return [...(await valuesOf(data)), ...(columnOf(data)?.values ?? [])];
  };
  assert.deepEqual(await labelsOf('b'), [1, 3, 4, 6, 2, 5]);
  assert.deepEqual(await labelsOf('0'), [2, 3, 5, 6, 1, 4]);
  assert.deepEqual(await labelsOf('-1'), [1, 2, 4, 5, 3, 6]);
  const data = await load(t, { file, inputs: ['c', 'a'], labels: 'b' }, 2);
  assert.deepEqual(await valuesOf(data), [3, 1, 6, 4]);
});

test('numbers words in the order of the class names that are given', async (t) => {
  const classNames = ['virginica', 'setosa', 'versicolor'];
  const data = await load(t, { file: iris, rows: [0, 2], classNames }, 4);
  assert.equal(columnOf(data)?.values.join(), '0,2');
  const incomplete = load(t, { file: iris, classNames: ['setosa', 'virginica'] }, 4);
  await assertRefused(incomplete, UsageError, /species holds versicolor.*setosa, virginica/);
});

test('takes quoted cells whole, with delimiters and line breaks inside', async (t) => {
  const file = await writeText(t, 'x,label\n1,"a, or\n b"\n2,"say ""c"""\n');
  const data = await load(t, { file }, 1);
  assert.deepEqual(columnOf(data)?.classNames, ['a, or\n b', 'say "c"']);
});

test('names row and column of a cell that is no number', async (t) => {
  const file = await writeText(t, 'a,b,label\n1,2,x\n1,,y\n');
  await assertRefused(load(t, { file }, 2), FormatError, /column b, row 1.*found "".*numbers/);
  const words = load(t, { file: iris, inputs: ['species'], labels: '0' }, 1);
  await assertRefused(words, FormatError, /column species.*words \(setosa/);
});

test('names the row of a label that is missing, wherever it is', async (t) => {
  for (const [row, text] of [
    [0, 'a,label\n1,\n2,x\n3,y\n'],
    [2, 'a,label\n1,x\n2,y\n3,?\n'],
  ] as const) {
    const file = await writeText(t, text);
    const message = new RegExp(`column label, row ${row}.*a label in every row`);
    await assertRefused(load(t, { file }, 1), FormatError, message);
  }
});

test('names the line of a record with another number of cells', async (t) => {
  const file = await writeText(t, 'a,b\n1,2\n3,4\n5\n');
  await assertRefused(load(t, { file }, 1), FormatError, /expect 2, got 1 on line 4/);
});

test('lists the columns where one is missing', async (t) => {
  const missing = load(t, { file: iris, labels: 'kind' }, 4);
  await assertRefused(missing, UsageError, /no column kind.*sepal_length.*species/);
});

test('refuses a file without rows, and a split', async (t) => {
  await assertRefused(load(t, { file: await writeText(t, 'a,b\n') }, 1), FormatError, /no rows/);
  await assertRefused(load(t, { file: await writeText(t, '') }, 1), FormatError, /no rows/);
  await assertRefused(load(t, { file: iris, split: 'test' }, 4), UsageError, /split test/);
});

test('says how many columns of numbers there are where the model takes others', async (t) => {
  await assertRefused(load(t, { file: iris }, 5), UsageError, /4 columns.*\[4\].*\[5\]/);
});

async function load(t: TestContext, recipe: DataRecipe, features: number): Promise<Dataset> {
  const data = await loadData(recipe, graphTaking({ x: [features] }));
  t.after(() => data.close());
  return data;
}

async function valuesOf(data: Dataset): Promise<readonly number[]> {
  const { inputs } = await data.readBatch(0, data.sampleCount);
  return [...(inputs[0]?.values ?? [])];
}

async function assertRefused(
  running: Promise<unknown>,
  kind: typeof UsageError | typeof FormatError,
  message: RegExp,
): Promise<void> {
  await assert.rejects(running, (error) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, message);
    return true;
  });
}

function columnOf({ targets: [first] }: Dataset) {
  return first?.kind === 'column' ? first : undefined;
}
