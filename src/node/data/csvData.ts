import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FormatError } from '../../core/errors';
import type { DataRecipe } from '../../core/recipe/recipe';
import { toIoError } from '../ioError';
import { type CsvColumn, type CsvTable, readCsvTable } from './csvTable';
import type { FieldTable, TableField } from './fieldTable';
import { MAX_CSV_BYTES } from './limits';
import type { RowSource } from './rowSource';

/** A csv as a table; its columns are kept in memory. @throws FormatError for a broken or too large file; IoError. */
export async function openCsvTable(
  recipe: Pick<DataRecipe, 'file' | 'header' | 'delimiter'>,
): Promise<FieldTable> {
  await assertSize(recipe.file);
  return csvFields(await readCsvTable(recipe.file, recipe));
}

async function assertSize(file: string): Promise<void> {
  const size = await sizeOf(file);
  if (size <= MAX_CSV_BYTES) return;
  throw new FormatError({
    format: 'csv',
    place: path.basename(file),
    found: `${size} bytes`,
    allowed: `at most ${MAX_CSV_BYTES}; npz, JSON lines and Parquet may be larger`,
  });
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    throw toIoError(error, `opening ${file}`);
  }
}

/** The columns of a csv as fields. */
export function csvFields({ name, rowCount, columns }: CsvTable): FieldTable {
  const fields = columns.map((column) => fieldOf(column, rowCount));
  return { name, kind: 'csv', rowCount, fields, close: () => Promise.resolve() };
}

function fieldOf({ name, values, words, firstBad }: CsvColumn, rowCount: number): TableField {
  if (words !== null) {
    const column = { values, words, firstBad };
    const examples = words.slice(0, 3);
    const readWords = () => Promise.resolve(column);
    return { kind: 'words', name, dtype: 'string', examples, readWords };
  }
  const rows: RowSource = {
    name,
    dtype: 'float64',
    rowCount,
    sampleShape: [],
    readRows: (from, to) => Promise.resolve(values.slice(from, to)),
  };
  return { kind: 'numbers', name, dtype: 'float64', rows, firstBad };
}
