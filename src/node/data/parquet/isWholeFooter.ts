import type { FileMetaData } from 'hyparquet';

/**
 * Whether an index that the library parsed has the parts that Parquet asks for: it fills in what it finds and
 * leaves the rest undefined. Source: Apache Parquet, parquet.thrift, fields marked required.
 */
export function isWholeFooter(metadata: FileMetaData): boolean {
  const { schema, row_groups: groups, key_value_metadata: pairs }: Unchecked = metadata;
  return (
    isListOf(schema, (element) => isText(element['name'])) &&
    isListOf(groups, isRowGroup) &&
    (pairs === undefined || isListOf(pairs, (pair) => isText(pair['key'])))
  );
}

type Unchecked = { readonly [Field in keyof FileMetaData]: unknown };
type Fields = Readonly<Record<string, unknown>>;

function isRowGroup(group: Fields): boolean {
  return isCount(group['num_rows']) && isListOf(group['columns'], isColumn);
}

function isColumn({ meta_data: meta }: Fields): boolean {
  if (!isFields(meta)) return false;
  const path = meta['path_in_schema'];
  const counts = ['num_values', 'total_uncompressed_size', 'total_compressed_size'];
  return (
    Array.isArray(path) &&
    path.length > 0 &&
    path.every(isText) &&
    isText(meta['type']) &&
    isText(meta['codec']) &&
    [...counts, 'data_page_offset'].every((field) => isCount(meta[field]))
  );
}

function isListOf(value: unknown, accepts: (fields: Fields) => boolean): boolean {
  return Array.isArray(value) && value.every((entry) => isFields(entry) && accepts(entry));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** 64-bit numbers come as bigint. */
function isCount(value: unknown): boolean {
  return (typeof value === 'bigint' || typeof value === 'number') && Number(value) >= 0;
}
