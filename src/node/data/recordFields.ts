import { type JobControl, throwIfCancelled } from '../../core/progress';
import type { TableField } from './fieldTable';
import { fillNested } from './nestedNumbers';
import { WordBuilder } from './wordColumn';

/** One field of records that are read a few at a time. */
export interface RecordField {
  /** The file's name, for messages. */
  readonly place: string;
  readonly name: string;
  readonly rowCount: number;
  /** Reading a row before the last one read costs more. */
  readonly forwardOnly?: boolean;
  /** Calls `take` with the values of rows `from` up to, not with, `to`; undefined where one is missing. */
  visit(from: number, to: number, take: (value: unknown, row: number) => void): Promise<void>;
}

/** A field of numbers, or of nested lists of them, all of one shape. */
export function numberField(
  field: RecordField,
  { dtype, sampleShape }: { readonly dtype: string; readonly sampleShape: readonly number[] },
): TableField {
  const { place, name, rowCount } = field;
  const elements = sampleShape.reduce((product, size) => product * size, 1);
  const rows = {
    name,
    dtype,
    rowCount,
    sampleShape,
    forwardOnly: field.forwardOnly === true,
    async readRows(from: number, to: number) {
      const values = new Float64Array((to - from) * elements);
      await field.visit(from, to, (value, row) => {
        const target = { values, shape: sampleShape, place: `${place}, ${name}, row ${row}` };
        fillNested(value, target, (row - from) * elements);
      });
      return values;
    },
  };
  return { kind: 'numbers', name, dtype, rows, firstBad: null };
}

/** Rows of words that are read before the signal is looked at again. */
const WORD_ROWS = 4096;

/** A field of words; all of them are read where they are labels. */
export function wordField(field: RecordField): TableField {
  const { name, rowCount } = field;
  return {
    kind: 'words',
    name,
    dtype: 'string',
    examples: [],
    async readWords({ signal, report }: JobControl) {
      const words = new WordBuilder(name);
      for (let row = 0; row < rowCount; row += WORD_ROWS) {
        throwIfCancelled(signal);
        report({ phase: 'verify', done: row, total: rowCount, item: field.place });
        await field.visit(row, Math.min(rowCount, row + WORD_ROWS), (value) => {
          if (typeof value === 'string' && value !== '') words.add(value);
          else if (typeof value === 'number' || typeof value === 'boolean')
            words.add(String(value));
          else words.addMissing(value === undefined || value === null ? '' : typeof value);
        });
      }
      return words.finish();
    },
  };
}
