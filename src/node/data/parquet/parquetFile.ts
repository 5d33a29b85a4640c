import type { ColumnMetaData, FileMetaData, SchemaTree } from 'hyparquet';
import { FormatError, SecateurError, UnsupportedError } from '../../../core/errors';
import { type ByteSource, readBytes } from '../../../core/io';
import { MAX_PARQUET_CHUNK_BYTES, MAX_PARQUET_CHUNK_VALUES } from '../limits';
import type { RowRange } from '../rowRange';
import { assertPages } from './assertPages';
import { supportedCodecs } from './codecs';
import { readFooter } from './readFooter';

/** Rows of a group, from the first row on. */
interface Group extends RowRange {
  readonly index: number;
}

interface DecodedGroup {
  readonly group: Group;
  readonly values: ArrayLike<unknown>;
}

/** A Parquet file whose columns are read group by group. The library decodes; what it is given is checked before. */
export class ParquetFile {
  private readonly groups: readonly Group[];
  /** The group last read of each column. */
  private readonly kept = new Map<string, Promise<DecodedGroup>>();

  private constructor(
    private readonly source: ByteSource,
    readonly metadata: FileMetaData,
    /** The columns of the table; nested ones as trees. */
    readonly columns: readonly SchemaTree[],
  ) {
    let from = 0;
    this.groups = metadata.row_groups.map((group, index) => {
      const to = from + Number(group.num_rows);
      const range = { index, from, to };
      from = to;
      return range;
    });
  }

  /** @throws FormatError where the index at the end is broken; IoError. */
  static async open(source: ByteSource): Promise<ParquetFile> {
    const { parquetSchema } = await import('hyparquet');
    const metadata = await readFooter(source);
    const { children } = await guarded(source.name, () => parquetSchema(metadata));
    return new ParquetFile(source, metadata, children);
  }

  get rowCount(): number {
    return this.groups.at(-1)?.to ?? 0;
  }

  /** Of a column's first row; undefined in a file without rows. */
  async firstValue(column: string): Promise<unknown> {
    let first: unknown;
    await this.visit(column, { from: 0, to: Math.min(1, this.rowCount) }, (value) => {
      first = value;
    });
    return first;
  }

  /** Calls `take` with the values of rows. @throws FormatError, UnsupportedError, IoError. */
  async visit(
    column: string,
    { from, to }: RowRange,
    take: (value: unknown, row: number) => void,
  ): Promise<void> {
    for (const group of this.groups) {
      if (group.to <= from || group.from >= to) continue;
      const { values } = await this.decoded(column, group);
      const end = Math.min(to, group.to);
      for (let row = Math.max(from, group.from); row < end; row++)
        take(values[row - group.from], row);
    }
  }

  private async decoded(column: string, group: Group): Promise<DecodedGroup> {
    const kept = await this.kept.get(column);
    if (kept?.group === group) return kept;
    const reading = this.decode(column, group);
    this.kept.set(column, reading);
    return reading;
  }

  private async decode(column: string, group: Group): Promise<DecodedGroup> {
    const { parquetReadObjects } = await import('hyparquet');
    const place = `${this.source.name}, column ${column}, row group ${group.index}`;
    const chunks = await this.readChunks(column, group, place);
    const rows = await guarded(place, async () =>
      parquetReadObjects({
        file: {
          byteLength: this.source.byteLength,
          slice: (start, end = this.source.byteLength) => sliceOf(chunks, start, end),
        },
        metadata: this.metadata,
        columns: [column],
        rowStart: group.from,
        rowEnd: group.to,
        compressors: await supportedCodecs(),
        // Text is told by its type; bytes without one are pictures.
        utf8: false,
      }),
    );
    if (rows.length === group.to - group.from) {
      return { group, values: rows.map((row): unknown => row[column]) };
    }
    const found = `${rows.length} rows`;
    const allowed = `${group.to - group.from}, as the file's index says`;
    throw new FormatError({ format: 'parquet', place, found, allowed });
  }

  /** The bytes of a column's parts in a group, with the heads of their pages looked at. */
  private async readChunks(
    column: string,
    group: Group,
    place: string,
  ): Promise<readonly FetchedChunk[]> {
    const chunks: FetchedChunk[] = [];
    for (const { meta_data: meta } of this.metadata.row_groups[group.index]?.columns ?? []) {
      if (meta?.path_in_schema[0] !== column) continue;
      const range = rangeOf(meta, this.source, place);
      const bytes = await readBytes(this.source, range.from, range.to - range.from);
      await guarded(place, () => assertPages(bytes, meta, place));
      chunks.push({ from: range.from, bytes });
    }
    return chunks;
  }
}

interface FetchedChunk {
  readonly from: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The library asks for the chunks that were read, or parts of them. */
function sliceOf(chunks: readonly FetchedChunk[], start: number, end: number): ArrayBuffer {
  for (const { from, bytes } of chunks) {
    if (start >= from && start < from + bytes.length) {
      return bytes.buffer.slice(start - from, Math.min(end - from, bytes.length));
    }
  }
  throw new Error(`bytes ${start} to ${end} belong to no column chunk that was read`);
}

/** @throws FormatError where a chunk does not lie in the file; UnsupportedError where it is too large or packed otherwise. */
function rangeOf(meta: ColumnMetaData, source: ByteSource, place: string): RowRange {
  const from = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
  const start = Math.min(from, Number(meta.data_page_offset));
  const to = start + Number(meta.total_compressed_size);
  if (!(start >= 4 && to >= start && to <= source.byteLength)) {
    throw new FormatError({
      format: 'parquet',
      place,
      found: `a column chunk at bytes ${start} to ${to}`,
      allowed: `within the file's ${source.byteLength} bytes`,
    });
  }
  const byteLength = Number(meta.total_uncompressed_size);
  const values = Number(meta.num_values);
  if (byteLength > MAX_PARQUET_CHUNK_BYTES || values > MAX_PARQUET_CHUNK_VALUES) {
    throw new UnsupportedError({
      feature: `Parquet data ${place}`,
      found: `${values} values in ${byteLength} bytes`,
      supported: `row groups with at most ${MAX_PARQUET_CHUNK_VALUES} values and ${MAX_PARQUET_CHUNK_BYTES} bytes a column`,
    });
  }
  return { from: start, to };
}

/** What the library throws of itself means a broken file. */
async function guarded<T>(place: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SecateurError) throw error;
    throw new FormatError({
      format: 'parquet',
      place,
      found: error instanceof Error ? error.message : String(error),
      allowed: 'Parquet as its specification says',
    });
  }
}
