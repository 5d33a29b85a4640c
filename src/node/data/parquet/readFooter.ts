import type { FileMetaData } from 'hyparquet';
import { FormatError } from '../../../core/errors';
import { type ByteSource, readBytes } from '../../../core/io';
import { MAX_PARQUET_INDEX_BYTES } from '../limits';
import { isWholeFooter } from './isWholeFooter';

const MAGIC = 'PAR1';

/** Length of the index, and the magic number again. */
const TAIL_BYTES = 8;

/**
 * Reads the index at the end of a Parquet file. Source: Apache Parquet, File format.
 * @throws FormatError where it is missing, too large or broken; IoError.
 */
export async function readFooter(source: ByteSource): Promise<FileMetaData> {
  const { parquetMetadata } = await import('hyparquet');
  const footerBytes = await footerLength(source);
  const footer = await readBytes(source, source.byteLength - footerBytes, footerBytes);
  try {
    const metadata = parquetMetadata(footer.buffer, { geoparquet: false });
    if (!isWholeFooter(metadata))
      throw broken(source, 'required parts that are missing', 'a whole index');
    assertRows(source, metadata);
    return metadata;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw broken(
      source,
      error instanceof Error ? error.message : String(error),
      'an index in Thrift',
    );
  }
}

/** With its tail. */
async function footerLength(source: ByteSource): Promise<number> {
  const { byteLength } = source;
  if (byteLength < MAGIC.length + TAIL_BYTES) throw broken(source, `${byteLength} bytes`, 'more');
  const tail = await readBytes(source, byteLength - TAIL_BYTES, TAIL_BYTES);
  const magic = Buffer.from(tail.subarray(4)).toString('latin1');
  if (magic !== MAGIC) throw broken(source, `an end of ${JSON.stringify(magic)}`, MAGIC);
  const length = new DataView(tail.buffer).getUint32(0, true) + TAIL_BYTES;
  const most = Math.min(byteLength - MAGIC.length, MAX_PARQUET_INDEX_BYTES);
  if (length <= most) return length;
  throw broken(source, `an index of ${length} bytes`, `at most ${most}`);
}

function assertRows(
  source: ByteSource,
  { num_rows: total, row_groups: groups }: FileMetaData,
): void {
  const counts = groups.map(({ num_rows: rows }) => Number(rows));
  const sum = counts.reduce((rows, count) => rows + count, 0);
  if (Number(total) === sum && counts.every((count) => count >= 0)) return;
  throw broken(source, `${total} rows, but ${sum} in its groups`, 'the same');
}

function broken(source: ByteSource, found: string, allowed: string): FormatError {
  return new FormatError({ format: 'parquet', place: `${source.name}, index`, found, allowed });
}
