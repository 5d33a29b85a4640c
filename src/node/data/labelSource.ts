import type { Targets } from '../../core/evaluation/dataset';
import { FormatError, UsageError } from '../../core/errors';
import type { RowList } from './rowList';
import { elementsPerRow, type RowSource } from './rowSource';
import { targetsOfArray } from './targets';
import type { WordColumn } from './wordColumn';

/** Where the labels of one output come from. */
export type LabelSource =
  | {
      readonly kind: 'numbers';
      readonly rows: RowSource;
      /** What the file calls the numbered classes; null where it does not. */
      readonly classNames: readonly string[] | null;
    }
  | { readonly kind: 'words'; readonly name: string; readonly column: WordColumn }
  /** An input is what the model should give, as for an autoencoder. */
  | { readonly kind: 'input'; readonly rows: RowSource };

/** What is expected of one output, with the rows that batches read it from; null for a column. */
export interface OpenedTargets {
  readonly targets: Targets;
  readonly rows: RowSource | null;
}

/**
 * The targets of the chosen rows.
 * @param classNames of the recipe, in the order of the outputs
 * @param place the file, for messages
 * @throws UsageError for words that are no class names; FormatError naming the row where a label is missing.
 */
export async function openTargets(
  labels: LabelSource,
  rows: RowList,
  classNames: readonly string[] | null,
  place: string,
): Promise<OpenedTargets> {
  switch (labels.kind) {
    case 'words': {
      const targets = targetsOfWords(labels, rows, classNames, place);
      return { targets, rows: null };
    }
    case 'input': {
      const { name } = labels.rows;
      const elementsPerSample = elementsPerRow(labels.rows);
      return { targets: { kind: 'array', name, elementsPerSample }, rows: null };
    }
    case 'numbers': {
      const names = classNames ?? labels.classNames;
      return { targets: await targetsOfArray(labels.rows, rows, names), rows: labels.rows };
    }
  }
}

/** The classes of the chosen rows; null where the labels are no classes. */
export async function classesOf(
  labels: LabelSource | undefined,
  rows: RowList,
): Promise<Float64Array | null> {
  if (labels === undefined || labels.kind === 'input') return null;
  if (labels.kind === 'words') return pick(labels.column.values, rows);
  const targets = await targetsOfArray(labels.rows, rows, null);
  return targets.kind === 'column' && targets.values.every(Number.isInteger)
    ? targets.values
    : null;
}

function pick(values: Float64Array, rows: RowList): Float64Array {
  return Float64Array.from({ length: rows.count }, (_, sample) => values[rows.at(sample)] ?? NaN);
}

function targetsOfWords(
  { name, column }: Extract<LabelSource, { kind: 'words' }>,
  rows: RowList,
  classNames: readonly string[] | null,
  place: string,
): Targets {
  if (column.firstBad !== null) throw missingLabel(place, name, column.firstBad);
  const values = pick(column.values, rows);
  if (classNames === null) return { kind: 'column', name, values, classNames: column.words };
  const order = column.words.map((word) => classNames.indexOf(word));
  const unknown = values.find((value) => order[value] === -1);
  if (unknown !== undefined) {
    throw new UsageError(
      `${place}: column ${name} holds ${column.words[unknown] ?? ''}; the class names are ${classNames.join(', ')}`,
    );
  }
  return { kind: 'column', name, values: values.map((value) => order[value] ?? 0), classNames };
}

function missingLabel(
  place: string,
  column: string,
  { row, text }: NonNullable<WordColumn['firstBad']>,
): FormatError {
  return new FormatError({
    format: 'data',
    place: `${place}, column ${column}, row ${row}`,
    found: JSON.stringify(text),
    allowed: 'a label in every row (rows count from 0, without the header)',
  });
}
