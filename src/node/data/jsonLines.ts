import path from 'node:path';
import { FormatError } from '../../core/errors';
import { isJsonObject, type JsonObject, parseJson } from '../../core/formats/parseJson';
import { type ByteSource, readBytes } from '../../core/io';
import type { JobControl } from '../../core/progress';
import { openFileSource } from '../fileSource';
import type { FieldTable, TableField } from './fieldTable';
import { indexLines, type LineIndex } from './lineIndex';
import { numberField, wordField } from './recordFields';
import { shapeOfNested } from './nestedNumbers';

/** Records that are looked at for a field's first value that is not null. */
const SNIFFED_RECORDS = 64;

/** Lines are parsed in pieces of about this many bytes, of which the last is kept. */
const PIECE_BYTES = 16 * 1024 ** 2;

/**
 * A file of JSON objects, one a line, as a table: numbers and nested arrays of numbers, and words. One pass
 * finds the lines; values are parsed when they are read.
 * @throws FormatError naming the row; IoError; CancelledError.
 */
export async function openJsonLines(file: string, control: JobControl): Promise<FieldTable> {
  const name = path.basename(file);
  const source = await openFileSource(file, name);
  try {
    const lines = new JsonLines(source, await indexLines(source, control));
    const fields = await fieldsOf(lines, name);
    const { rowCount } = lines;
    return { name, kind: 'jsonl', rowCount, fields, close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

class JsonLines {
  private kept: { readonly from: number; readonly records: readonly JsonObject[] } | null = null;

  constructor(
    private readonly source: ByteSource,
    private readonly index: LineIndex,
  ) {}

  get rowCount(): number {
    return this.index.count;
  }

  /** Calls `visit` with the records of rows `from` up to, not with, `to`. */
  async visit(
    from: number,
    to: number,
    visit: (record: JsonObject, row: number) => void,
  ): Promise<void> {
    for (let row = from; row < to;) {
      const records = await this.pieceAt(row, to);
      const count = Math.min(records.length, to - row);
      for (let i = 0; i < count; i++) visit(records[i] ?? {}, row + i);
      row += count;
    }
  }

  /** The records from a row on, as many as a piece holds. Fields of one batch share what is parsed. */
  private async pieceAt(from: number, to: number): Promise<readonly JsonObject[]> {
    if (this.kept?.from === from) return this.kept.records;
    let end = from + 1;
    while (end < to && this.index.start(end + 1) - this.index.start(from) <= PIECE_BYTES) end++;
    const start = this.index.start(from);
    const bytes = await readBytes(this.source, start, this.index.start(end) - start);
    const records: JsonObject[] = [];
    for (let row = from; row < end; row++) {
      const line = bytes.subarray(this.index.start(row) - start, this.index.start(row + 1) - start);
      records.push(this.parse(line, row));
    }
    this.kept = { from, records };
    return records;
  }

  private parse(line: Uint8Array, row: number): JsonObject {
    const where = { format: 'jsonl', place: `${this.source.name}, row ${row}` };
    const value = parseJson(line, where);
    if (isJsonObject(value)) return value;
    throw new FormatError({
      ...where,
      found: 'a value that is no object',
      allowed: 'a JSON object on every line (rows count from 0)',
      byteOffset: this.index.start(row),
    });
  }
}

async function fieldsOf(lines: JsonLines, place: string): Promise<readonly TableField[]> {
  const first = new Map<string, unknown>();
  await lines.visit(0, Math.min(lines.rowCount, SNIFFED_RECORDS), (record) => {
    for (const [name, value] of Object.entries(record)) {
      if (value !== null && !first.has(name)) first.set(name, value);
    }
  });
  return [...first].flatMap(([name, value]) => fieldOf(lines, { place, name, value }));
}

/** Objects, and lists of words, are no data for a network. */
function fieldOf(
  lines: JsonLines,
  {
    place,
    name,
    value,
  }: { readonly place: string; readonly name: string; readonly value: unknown },
): readonly TableField[] {
  const records = {
    place,
    name,
    rowCount: lines.rowCount,
    visit: (from: number, to: number, take: (value: unknown, row: number) => void) =>
      lines.visit(from, to, (record, row) => {
        take(Object.hasOwn(record, name) ? record[name] : undefined, row);
      }),
  };
  if (typeof value === 'string') return [wordField(records)];
  const sampleShape = shapeOfNested(value);
  return sampleShape === null ? [] : [numberField(records, { dtype: 'float64', sampleShape })];
}
