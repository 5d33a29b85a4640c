import type { JobControl } from '../../core/progress';
import type { DataKind } from '../../protocol/views';
import type { Pictures } from './images/pictures';
import type { RowSource } from './rowSource';
import type { WordColumn } from './wordColumn';

/** A column of a table, or a field of its records. */
export type TableField = {
  readonly name: string;
  /** As the file calls it. */
  readonly dtype: string;
  /** What the file calls the classes of numbered labels. */
  readonly classNames?: readonly string[];
} & (
  | {
      readonly kind: 'numbers';
      readonly rows: RowSource;
      /** The first cell that is missing or is no number, where all cells were looked at. */
      readonly firstBad: { readonly row: number; readonly text: string } | null;
    }
  | {
      readonly kind: 'words';
      /** Some of them, for messages, where they are known. */
      readonly examples: readonly string[];
      readonly readWords: (control: JobControl) => Promise<WordColumn>;
    }
  | { readonly kind: 'images'; readonly pictures: Pictures }
);

/** Rows with named fields: of a csv, JSON lines or a Parquet file. */
export interface FieldTable {
  /** The file's name, for messages. */
  readonly name: string;
  readonly kind: DataKind;
  readonly rowCount: number;
  readonly fields: readonly TableField[];
  close(): Promise<void>;
}

/** Of one row of a field; words have none. */
export function fieldShape(field: TableField): readonly number[] {
  return field.kind === 'numbers' ? field.rows.sampleShape : [];
}

/** Whether a field holds one number a row. */
export function isScalar(field: TableField): boolean {
  return field.kind === 'numbers' && field.rows.sampleShape.length === 0;
}
