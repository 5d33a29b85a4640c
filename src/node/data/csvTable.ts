import { createReadStream } from 'node:fs';
import path from 'node:path';
import { CsvError, parse } from 'csv-parse';
import { FormatError } from '../../core/errors';
import type { DataRecipe } from '../../core/recipe/recipe';
import { toIoError } from '../ioError';
import { ColumnBuilder, isNumber } from './csvColumn';
import { detectDelimiter } from './csvDelimiter';
import { MAX_CSV_RECORD_BYTES } from './limits';

/** One column: numbers, or words by their number in the sorted list of those that occur. */
export interface CsvColumn {
  /** From the header, else the column's index. */
  readonly name: string;
  readonly values: Float64Array;
  /** Sorted by code unit; null for a column of numbers. */
  readonly words: readonly string[] | null;
  /** The first cell that is missing or is no number in a column of numbers. */
  readonly firstBad: { readonly row: number; readonly text: string } | null;
}

export interface CsvTable {
  /** The file's name, for messages. */
  readonly name: string;
  readonly hasHeader: boolean;
  readonly rowCount: number;
  readonly columns: readonly CsvColumn[];
}

/** What a recipe may say where the guess is wrong. */
export type CsvChoices = Pick<DataRecipe, 'header' | 'delimiter'>;

/**
 * Reads a csv into columns. The delimiter (comma, semicolon or tab) is the one most frequent in the first
 * line; the first line is a header when none of its cells is a number.
 * @param choices what the recipe says of header and delimiter
 * @param maxRows to stop after so many, to tell only what the columns are
 * @throws FormatError naming the row where a record is broken or the file has no rows; IoError.
 */
export async function readCsvTable(
  file: string,
  choices: CsvChoices = {},
  maxRows = Infinity,
): Promise<CsvTable> {
  const name = path.basename(file);
  const delimiter = choices.delimiter ?? (await detectDelimiter(file));
  const reader = new TableBuilder(name, choices.header);
  try {
    for await (const record of recordsOf(file, delimiter)) {
      reader.add(record);
      if (reader.rowCount >= maxRows) break;
    }
  } catch (error) {
    throw error instanceof CsvError
      ? brokenRecord(name, error)
      : toIoError(error, `reading ${file}`);
  }
  return reader.finish();
}

async function* recordsOf(file: string, delimiter: string): AsyncGenerator<readonly string[]> {
  const parser = parse({
    delimiter,
    bom: true,
    trim: true,
    skip_empty_lines: true,
    max_record_size: MAX_CSV_RECORD_BYTES,
  });
  const stream = createReadStream(file);
  stream.on('error', (error) => parser.destroy(error));
  stream.pipe(parser);
  try {
    for await (const record of parser) yield record as readonly string[];
  } finally {
    stream.destroy();
  }
}

/** The parser's own message names the line. */
function brokenRecord(name: string, error: CsvError): FormatError {
  return new FormatError({
    format: 'csv',
    place: name,
    found: error.message,
    allowed: 'records with as many cells as the first, quotes closed',
  });
}

class TableBuilder {
  rowCount = 0;
  private columns: readonly ColumnBuilder[] | null = null;
  private hasHeader = false;

  constructor(
    private readonly name: string,
    private readonly header: boolean | undefined,
  ) {}

  add(record: readonly string[]): void {
    if (this.columns === null) {
      this.hasHeader = this.header ?? !record.some(isNumber);
      this.columns = record.map(
        (cell, index) => new ColumnBuilder(this.hasHeader ? cell : String(index)),
      );
      if (this.hasHeader) return;
    }
    this.columns.forEach((column, index) => column.add(record[index] ?? ''));
    this.rowCount++;
  }

  finish(): CsvTable {
    if (this.columns === null || this.rowCount === 0) {
      throw new FormatError({
        format: 'csv',
        place: this.name,
        found: 'no rows',
        allowed: 'at least one row of numbers',
      });
    }
    const columns = this.columns.map((column) => column.finish());
    return { name: this.name, hasHeader: this.hasHeader, rowCount: this.rowCount, columns };
  }
}
