import path from 'node:path';
import { FormatError, UsageError } from '../../core/errors';
import { unattended } from '../../core/progress';
import type { Loss } from '../../core/recipe/recipe';
import type { DataNote, DataView } from '../../protocol/views';
import { chooseFields } from './chooseFields';
import { csvFields } from './csvData';
import { countRecords } from './csvDelimiter';
import { type CsvChoices, readCsvTable } from './csvTable';
import { columnsSideBySide } from './columnRows';
import { type FieldTable, fieldShape, type TableField } from './fieldTable';
import { openJsonLines } from './jsonLines';
import type { LabelSource } from './labelSource';
import { DESCRIBED_CSV_ROWS } from './limits';
import type { ModelTraits } from './modelTraits';
import { openParquet } from './parquet/parquetTable';

/** What describing needs to know of the model. */
export interface DescribeContext {
  readonly traits: ModelTraits;
  readonly guessLoss: (labels: LabelSource, traits: ModelTraits) => Promise<Loss | null>;
  /** What the recipe says of a csv; the suggestion keeps it. */
  readonly csv: CsvChoices;
}

/** What a table holds and how it is taken. Of a csv only the first rows are parsed; the others are counted. */
export async function describeTable(
  file: string,
  kind: 'csv' | 'jsonl' | 'parquet',
  context: DescribeContext,
): Promise<DataView> {
  const { table, rowCount } = await openTable(file, kind, context.csv);
  try {
    const { suggestion, notes } = await suggestFields(file, table, context);
    return {
      path: file,
      name: path.basename(file),
      kind,
      arrays: table.fields.map((field) => ({
        name: field.name,
        shape: [rowCount, ...fieldShape(field)],
        dtype: field.dtype,
      })),
      rowCount,
      suggestion: { ...suggestion, ...(kind === 'csv' ? context.csv : {}) },
      notes,
    };
  } finally {
    await table.close();
  }
}

async function openTable(
  file: string,
  kind: 'csv' | 'jsonl' | 'parquet',
  csv: CsvChoices,
): Promise<{ readonly table: FieldTable; readonly rowCount: number }> {
  if (kind !== 'csv') {
    const table = await (kind === 'jsonl' ? openJsonLines(file, unattended) : openParquet(file));
    return { table, rowCount: table.rowCount };
  }
  const table = await readCsvTable(file, csv, DESCRIBED_CSV_ROWS);
  const whole = table.rowCount < DESCRIBED_CSV_ROWS;
  const rowCount = whole ? table.rowCount : (await countRecords(file)) - Number(table.hasHeader);
  return { table: csvFields(table), rowCount };
}

async function suggestFields(
  file: string,
  table: FieldTable,
  { traits, guessLoss }: DescribeContext,
): Promise<Pick<DataView, 'suggestion' | 'notes'>> {
  try {
    const { inputs, labels } = chooseFields(table, {}, traits);
    const source = await labelSource(labels);
    const loss = source === null ? null : await guessLoss(source, traits);
    const names = labels.map(({ name }) => name);
    const pictures = inputs.some((field) => field.kind === 'images');
    const scales = pictures && traits.inputs[0]?.scalesItself !== true;
    return {
      suggestion: {
        file,
        inputs: inputs.map(({ name }) => name),
        ...(names.length === 0 ? {} : { labels: names.length === 1 ? (names[0] ?? '') : names }),
        ...(scales ? { scale: 1 / 255 } : {}),
        ...(loss === null ? {} : { loss }),
      },
      notes: notesOf([...inputs, ...labels], names.length === 0),
    };
  } catch (error) {
    // Names that say nothing, or labels that are missing: the user is asked instead.
    if (error instanceof UsageError || error instanceof FormatError) {
      return { suggestion: { file }, notes: [] };
    }
    throw error;
  }
}

async function labelSource(labels: readonly TableField[]): Promise<LabelSource | null> {
  const [first] = labels;
  if (first === undefined) return null;
  if (first.kind === 'words') {
    return { kind: 'words', name: first.name, column: await first.readWords(unattended) };
  }
  const columns = labels.flatMap((field) => (field.kind === 'numbers' ? [field.rows] : []));
  if (columns.length < labels.length) return null;
  const [only] = columns;
  const rows = only !== undefined && columns.length === 1 ? only : columnsSideBySide(columns);
  return { kind: 'numbers', rows, classNames: first.classNames ?? null };
}

function notesOf(fields: readonly TableField[], unlabelled: boolean): readonly DataNote[] {
  const notes: DataNote[] = unlabelled ? [{ kind: 'noLabels' }] : [];
  for (const field of fields) {
    if (field.kind === 'numbers' && field.firstBad !== null) {
      notes.push({ kind: 'missingValues', column: field.name, row: field.firstBad.row });
    }
    if (field.classNames !== undefined) notes.push({ kind: 'classes', names: field.classNames });
  }
  return notes;
}
