import path from 'node:path';
import type { FileMetaData, SchemaTree } from 'hyparquet';
import { openFileSource } from '../../fileSource';
import type { FieldTable, TableField } from '../fieldTable';
import { picturesOfBytes } from '../images/pictures';
import { shapeOfNested } from '../nestedNumbers';
import { numberField, type RecordField, wordField } from '../recordFields';
import { ParquetFile } from './parquetFile';
import { huggingFaceClasses } from './huggingFaceClasses';

/**
 * A Parquet file as a table: columns of numbers, of lists of numbers, of words, and of pictures as files
 * (bytes, or Hugging Face's struct of bytes and path). One row group of each used column is in memory.
 * @throws FormatError, UnsupportedError, IoError.
 */
export async function openParquet(file: string): Promise<FieldTable> {
  const name = path.basename(file);
  const source = await openFileSource(file, name);
  try {
    const parquet = await ParquetFile.open(source);
    const { rowCount } = parquet;
    const fields = await fieldsOf(parquet, name);
    return { name, kind: 'parquet', rowCount, fields, close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function fieldsOf(parquet: ParquetFile, place: string): Promise<readonly TableField[]> {
  const classes = huggingFaceClasses(parquet.metadata, place);
  const fields: TableField[] = [];
  for (const column of parquet.columns) {
    const { name } = column.element;
    const field = await fieldOf(parquet, column, recordsOf(parquet, name, place));
    const classNames = classes.get(name);
    if (field !== null) fields.push(classNames === undefined ? field : { ...field, classNames });
  }
  return fields;
}

function recordsOf(parquet: ParquetFile, name: string, place: string): RecordField {
  return {
    place,
    name,
    rowCount: parquet.rowCount,
    forwardOnly: true,
    visit: (from, to, take) => parquet.visit(name, { from, to }, take),
  };
}

/** null for what is no data for a network: dates, maps and the like. */
async function fieldOf(
  parquet: ParquetFile,
  column: SchemaTree,
  records: RecordField,
): Promise<TableField | null> {
  const { element, children } = column;
  if (children.length === 0) {
    const dtype = numberTypeOf(element);
    if (dtype !== null) return numberField(records, { dtype, sampleShape: [] });
    if (element.type !== 'BYTE_ARRAY') return null;
    return isText(element) ? wordField(records) : imageField(records);
  }
  if (children.some((child) => child.element.name === 'bytes')) return imageField(records);
  if (!isListColumn(column)) return null;
  const sampleShape = shapeOfNested(await parquet.firstValue(records.name));
  const dtype = leafType(column) ?? 'float64';
  return sampleShape === null || sampleShape.length === 0
    ? null
    : numberField(records, { dtype, sampleShape });
}

type Element = FileMetaData['schema'][number];

function numberTypeOf(element: Element): string | null {
  const kind = element.logical_type?.type ?? element.converted_type ?? '';
  if (/DATE|TIME|JSON|BSON|INTERVAL/.test(kind)) return null;
  if (/^(U?INT)_(8|16|32|64)$/.test(kind)) return kind.toLowerCase().replace('_', '');
  switch (element.type) {
    case 'BOOLEAN':
      return 'bool';
    case 'INT32':
      return 'int32';
    case 'INT64':
      return 'int64';
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    default:
      return kind === 'FLOAT16' ? 'float16' : null;
  }
}

function isText({ converted_type: converted, logical_type: logical }: Element): boolean {
  return converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING';
}

function isListColumn({ element }: SchemaTree): boolean {
  return element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
}

function leafType(column: SchemaTree): string | null {
  let at: SchemaTree | undefined = column;
  while (at !== undefined && at.children.length > 0) at = at.children[0];
  return at === undefined ? null : numberTypeOf(at.element);
}

/** A picture is the bytes of its file; Hugging Face has them in a struct. */
function imageField(records: RecordField): TableField {
  const { name, place, rowCount } = records;
  const pictures = picturesOfBytes({
    name,
    rowCount,
    forwardOnly: true,
    placeOf: (row) => `${place}, ${name}, row ${row}`,
    visit: (from, to, take) =>
      records.visit(from, to, (value, row) => {
        take(bytesOf(value), row);
      }),
  });
  return { kind: 'images', name, dtype: 'image', pictures };
}

function bytesOf(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return null;
  return value.bytes instanceof Uint8Array ? value.bytes : null;
}
