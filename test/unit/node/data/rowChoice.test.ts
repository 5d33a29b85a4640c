import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../../src/core/errors';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import { selectRows } from '../../../../src/node/data/selectRows';

const ROWS = 1000;

test('a share and its rest never meet, come to all rows, and are of the size that was asked', async () => {
  for (const seed of [0, 7, -3]) {
    const share = await choose({ split: { fraction: 0.2, seed } });
    const rest = await choose({ split: { fraction: 0.2, seed, rest: true } });
    assert.equal(share.length, 200);
    assert.deepEqual(
      [...share, ...rest].sort((a, b) => a - b),
      Array.from({ length: ROWS }, (_, row) => row),
    );
  }
});

test('the seed alone decides, and another seed draws others', async () => {
  const choice = { split: { fraction: 0.1, seed: 5 } };
  assert.deepEqual(await choose(choice), await choose(choice));
  assert.notDeepEqual(await choose(choice), await choose({ split: { fraction: 0.1, seed: 6 } }));
});

test('keeps the order of the data unless it is shuffled, and loses none by that', async () => {
  const drawn = await choose({ split: { fraction: 0.3, seed: 1 }, sample: { count: 50, seed: 2 } });
  assert.deepEqual(
    drawn,
    [...drawn].sort((a, b) => a - b),
  );
  assert.equal(drawn.length, 50);
  const shuffled = await choose({
    split: { fraction: 0.3, seed: 1 },
    sample: { count: 50, seed: 2 },
    shuffle: 3,
  });
  assert.notDeepEqual(shuffled, drawn);
  assert.deepEqual(
    [...shuffled].sort((a, b) => a - b),
    drawn,
  );
});

test('rows are cut out first, and a sample without a seed takes the first of them', async () => {
  assert.deepEqual(await choose({ rows: [-10, -5], sample: { count: 3 } }), [990, 991, 992]);
  assert.deepEqual(await choose({ rows: [10, 12], sample: { count: 30 } }), [10, 11]);
});

test('a balanced sample has as many of each class, as far as there are', async () => {
  // Class 2 has ten rows only.
  const classOf = (row: number) => (row >= 990 ? 2 : row % 2);
  for (const seed of [undefined, 4]) {
    const sample = { count: 100, balanced: true, ...(seed === undefined ? {} : { seed }) };
    const rows = await choose({ sample }, classOf);
    const counts = [0, 1, 2].map((name) => rows.filter((row) => classOf(row) === name).length);
    assert.deepEqual(counts, [34, 33, 10]);
  }
  await assert.rejects(choose({ sample: { count: 5, balanced: true } }), UsageError);
});

test('refuses a share without a row', async () => {
  await assert.rejects(
    choose({ rows: [0, 2], split: { fraction: 0.1, seed: 0 } }),
    /data: a share of 0.1 of 2 rows is none; allowed: at least one row/,
  );
});

async function choose(
  recipe: Pick<DataRecipe, 'rows' | 'split' | 'sample' | 'shuffle'>,
  classOf: ((row: number) => number) | null = null,
): Promise<readonly number[]> {
  const rows = await selectRows(recipe, {
    name: 'data',
    rowCount: ROWS,
    classesOf: (list) =>
      Promise.resolve(
        classOf === null
          ? null
          : Float64Array.from({ length: list.count }, (_, i) => classOf(list.at(i))),
      ),
  });
  return Array.from({ length: rows.count }, (_, sample) => rows.at(sample));
}
