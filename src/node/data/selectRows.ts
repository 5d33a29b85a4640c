import { UsageError } from '../../core/errors';
import { createRandom, shuffledIndices } from '../../core/random';
import type { DataRecipe, RandomSplit, SampleChoice } from '../../core/recipe/recipe';
import { roundHalfEven } from '../../core/selection/roundHalfEven';
import { MAX_CHOSEN_ROWS } from './limits';
import { RowList } from './rowList';
import { resolveRows } from './rowRange';

/** What choosing rows needs to know of the data. */
export interface SelectableRows {
  /** The file's name, for messages. */
  readonly name: string;
  readonly rowCount: number;
  /** The class of each of the rows; null where the labels are no classes, or none. */
  readonly classesOf: (rows: RowList) => Promise<Float64Array | null>;
}

type RowChoice = Pick<DataRecipe, 'rows' | 'split' | 'sample' | 'shuffle'>;

/**
 * The rows that a recipe means: first its range, of these a share drawn by chance, of these a sample, and
 * these in the order of the data unless they are shuffled. The seeds alone decide.
 * @throws UsageError where no row is left, and for balance without classes.
 */
export async function selectRows(recipe: RowChoice, data: SelectableRows): Promise<RowList> {
  const range = resolveRows(recipe.rows, data.rowCount, data.name);
  let rows = RowList.range(range);
  if (typeof recipe.split === 'object') rows = drawShare(rows, recipe.split, data.name);
  if (recipe.sample !== undefined) rows = await drawSample(rows, recipe.sample, data);
  return recipe.shuffle === undefined ? rows : shuffled(rows, recipe.shuffle, data.name);
}

function drawShare(rows: RowList, split: RandomSplit, name: string): RowList {
  const order = randomOrder(rows.count, split.seed, name);
  const drawn = roundHalfEven(split.fraction * rows.count);
  const share = split.rest === true ? order.subarray(drawn) : order.subarray(0, drawn);
  if (share.length > 0) return chosen(rows, share.sort());
  const which = split.rest === true ? 'the rest of ' : '';
  throw new UsageError(
    `${name}: ${which}a share of ${split.fraction} of ${rows.count} rows is none; allowed: at least one row`,
  );
}

async function drawSample(
  rows: RowList,
  sample: SampleChoice,
  data: SelectableRows,
): Promise<RowList> {
  const { count, seed, balanced } = sample;
  if (count >= rows.count && balanced !== true) return rows;
  const order =
    seed === undefined
      ? Uint32Array.from({ length: assertChoosable(rows.count, data.name) }, (_, i) => i)
      : randomOrder(rows.count, seed, data.name);
  if (balanced !== true) return chosen(rows, order.slice(0, count).sort());
  const classes = await data.classesOf(rows);
  if (classes === null) {
    throw new UsageError(
      `${data.name}: found no classes as labels; allowed: with balanced, classes`,
    );
  }
  return chosen(rows, balancedSamples(order, classes, count).sort());
}

/** As many of each class as of any other, the first classes one more where that does not come out even. */
function balancedSamples(order: Uint32Array, classes: Float64Array, count: number): Uint32Array {
  const names = [...new Set(classes)].sort((a, b) => a - b);
  const quota = new Map(
    names.map((name, i) => [
      name,
      Math.floor(count / names.length) + Number(i < count % names.length),
    ]),
  );
  return order.filter((sample) => {
    const name = classes[sample] ?? NaN;
    const left = quota.get(name) ?? 0;
    quota.set(name, left - 1);
    return left > 0;
  });
}

function shuffled(rows: RowList, seed: number, name: string): RowList {
  return chosen(rows, randomOrder(rows.count, seed, name));
}

function randomOrder(count: number, seed: number, name: string): Uint32Array {
  return shuffledIndices(assertChoosable(count, name), createRandom(seed));
}

function chosen(rows: RowList, samples: Uint32Array): RowList {
  return RowList.of(samples.map((sample) => rows.at(sample)));
}

function assertChoosable(count: number, name: string): number {
  if (count <= MAX_CHOSEN_ROWS) return count;
  throw new UsageError(
    `${name}: ${count} rows to choose from; allowed: at most ${MAX_CHOSEN_ROWS}, which rows can cut out`,
  );
}
