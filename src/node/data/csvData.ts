import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Targets } from '../../core/evaluation/dataset';
import { FormatError, UsageError } from '../../core/errors';
import type { DataRecipe } from '../../core/recipe/recipe';
import { type CsvColumn, type CsvTable, findColumn, readCsvTable } from './csvTable';
import type { DatasetParts } from './buildDataset';
import { MAX_CSV_BYTES } from './limits';
import { resolveRows, type RowRange } from './rowRange';
import type { RowSource } from './rowSource';

/**
 * A csv as a data set: the label column, and the others that hold numbers as one input.
 * @throws UsageError for options that the file does not fit; FormatError for a broken or too large file.
 */
export async function readCsvData(recipe: DataRecipe): Promise<DatasetParts> {
  const { size } = await stat(recipe.file);
  if (size > MAX_CSV_BYTES) {
    throw new FormatError({
      format: 'csv',
      place: path.basename(recipe.file),
      found: `${size} bytes`,
      allowed: `at most ${MAX_CSV_BYTES}; an npz may be larger`,
    });
  }
  return csvParts(await readCsvTable(recipe.file), recipe);
}

/** As {@link readCsvData}, of a table that is already read. */
export function csvParts(table: CsvTable, recipe: DataRecipe): DatasetParts {
  if (recipe.split !== undefined) {
    throw new UsageError(`split ${recipe.split}: a csv has rows only; choose them by rows`);
  }
  const labels =
    recipe.labels === undefined ? guessLabels(table) : findColumn(table, recipe.labels);
  const range = resolveRows(recipe.rows, table.rowCount, table.name);
  const columns = inputColumns(table, labels, recipe);
  for (const column of columns) assertNumbers(table.name, column);
  return {
    name: table.name,
    inputs: [columnRows(columns, table.rowCount)],
    targets: targetsOf(table.name, labels, range, recipe.classNames ?? null),
    targetRows: null,
    range,
    close: () => Promise.resolve(),
  };
}

/** The last column that holds words, else the last column. */
export function guessLabels({ columns }: CsvTable): CsvColumn {
  const labels = columns.findLast(({ words }) => words !== null) ?? columns.at(-1);
  if (labels === undefined) throw new Error('a table has at least one column');
  return labels;
}

function inputColumns(
  table: CsvTable,
  labels: CsvColumn,
  recipe: DataRecipe,
): readonly CsvColumn[] {
  if (recipe.inputs !== undefined) return recipe.inputs.map((name) => findColumn(table, name));
  const columns = table.columns.filter((column) => column !== labels && column.words === null);
  if (columns.length > 0) return columns;
  throw new UsageError(`${table.name}: no column of numbers beside the labels ${labels.name}`);
}

function assertNumbers(name: string, { name: column, words, firstBad }: CsvColumn): void {
  if (words === null && firstBad === null) return;
  throw new FormatError({
    format: 'csv',
    place: `${name}, column ${column}${firstBad === null ? '' : `, row ${firstBad.row}`}`,
    found:
      firstBad === null ? `words (${words?.slice(0, 3).join(', ') ?? ''})` : `"${firstBad.text}"`,
    allowed: 'numbers in every row (rows count from 0, without the header)',
  });
}

/** The columns side by side: one sample a row. */
function columnRows(columns: readonly CsvColumn[], rowCount: number): RowSource {
  return {
    name: columns.length === 1 ? `column ${columns[0]?.name ?? ''}` : `${columns.length} columns`,
    dtype: 'float64',
    rowCount,
    sampleShape: [columns.length],
    readRows(from, to) {
      const rows = new Float64Array((to - from) * columns.length);
      columns.forEach(({ values }, index) => {
        for (let row = from; row < to; row++) {
          rows[(row - from) * columns.length + index] = values[row] ?? NaN;
        }
      });
      return Promise.resolve(rows);
    },
  };
}

function targetsOf(
  name: string,
  labels: CsvColumn,
  { from, to }: RowRange,
  classNames: readonly string[] | null,
): Targets {
  const values = labels.values.slice(from, to);
  const column = { kind: 'column', name: labels.name } as const;
  if (labels.words === null) {
    assertNumbers(name, labels);
    return { ...column, values, classNames };
  }
  if (labels.firstBad !== null) throw missingLabel(name, labels.name, labels.firstBad);
  if (classNames === null) return { ...column, values, classNames: labels.words };
  const order = labels.words.map((word) => classNames.indexOf(word));
  const unknown = values.find((value) => order[value] === -1);
  if (unknown !== undefined) {
    throw new UsageError(
      `${name}: column ${labels.name} holds ${labels.words[unknown] ?? ''}; the class names are ${classNames.join(', ')}`,
    );
  }
  return { ...column, values: values.map((value) => order[value] ?? 0), classNames };
}

function missingLabel(
  name: string,
  column: string,
  { row, text }: NonNullable<CsvColumn['firstBad']>,
): FormatError {
  return new FormatError({
    format: 'csv',
    place: `${name}, column ${column}, row ${row}`,
    found: JSON.stringify(text),
    allowed: 'a label in every row (rows count from 0, without the header)',
  });
}
