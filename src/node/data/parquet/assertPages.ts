import type { ColumnMetaData, PageHeader } from 'hyparquet';
import { FormatError } from '../../../core/errors';
import { MAX_PARQUET_CHUNK_VALUES } from '../limits';

/** Heads of pages are not part of what the index counts as uncompressed in every writer. */
const HEAD_SLACK_BYTES = 64 * 1024;

/**
 * Looks at the heads of all pages of a column chunk before anything is unpacked: their sizes must lie in
 * the chunk and come to no more than its index says, since memory is taken by them, and their counts be there.
 * @throws FormatError; what the library throws where a head is broken.
 */
export async function assertPages(
  bytes: Uint8Array<ArrayBuffer>,
  meta: ColumnMetaData,
  place: string,
): Promise<void> {
  const { parquetHeader } = await import('hyparquet/src/column.js');
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  let inflated = 0;
  let values = 0;
  // As the library reads on: it leaves a last byte alone.
  while (reader.offset < bytes.length - 1) {
    const at = reader.offset;
    const head = parquetHeader(reader);
    const next = reader.offset + head.compressed_page_size;
    inflated += head.uncompressed_page_size;
    values += head.data_page_header?.num_values ?? head.data_page_header_v2?.num_values ?? 0;
    const dictionary = head.dictionary_page_header?.num_values ?? 0;
    const isBroken =
      !hasWholeLevels(head) ||
      !(next > at && next <= bytes.length) ||
      !(head.uncompressed_page_size >= 0 && values >= 0 && dictionary >= 0) ||
      inflated > Number(meta.total_uncompressed_size) + HEAD_SLACK_BYTES ||
      values > Number(meta.num_values) ||
      dictionary > MAX_PARQUET_CHUNK_VALUES;
    if (isBroken) throw wrongPage(place, at, meta);
    reader.offset = next;
  }
}

/** Where a length is missing the library would read on from nowhere, for ever. */
function hasWholeLevels(head: PageHeader): boolean {
  const { data_page_header: first, data_page_header_v2: second } = head;
  if (first !== undefined) return Number.isInteger(first.num_values);
  if (second === undefined) return true;
  const { definition_levels_byte_length: definition, repetition_levels_byte_length: repetition } =
    second;
  const counts = [definition, repetition, second.num_values, second.num_rows, second.num_nulls];
  return (
    counts.every((count) => Number.isInteger(count) && count >= 0) &&
    definition + repetition <= head.compressed_page_size &&
    second.num_rows <= second.num_values
  );
}

function wrongPage(place: string, byteOffset: number, meta: ColumnMetaData): FormatError {
  return new FormatError({
    format: 'parquet',
    place,
    found: `a page at ${byteOffset} within the column chunk with other counts or sizes`,
    allowed: `pages of ${meta.num_values} values and ${meta.total_uncompressed_size} bytes in all`,
  });
}
