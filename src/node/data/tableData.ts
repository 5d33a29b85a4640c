import { FormatError, UsageError } from '../../core/errors';
import type { JobControl } from '../../core/progress';
import type { DataRecipe } from '../../core/recipe/recipe';
import { columnsSideBySide } from './columnRows';
import { dealColumns } from './dealColumns';
import type { FieldTable, TableField } from './fieldTable';
import { chooseFields } from './chooseFields';
import { imageRows } from './images/imageRows';
import type { LabelSource } from './labelSource';
import type { InputTraits, ModelTraits } from './modelTraits';
import type { OpenedData } from './openedData';
import { namedSplit } from './recipeNames';
import type { RowSource } from './rowSource';

interface TableContext {
  readonly traits: ModelTraits;
  readonly control: JobControl;
}

/**
 * A table as a data set: its columns of numbers side by side as one input, dealt to several inputs by how
 * many numbers each takes, or fields of arrays and pictures one for each input; labels likewise.
 * @throws UsageError for options that the table does not fit; FormatError for a cell that is no number.
 */
export async function tableData(
  table: FieldTable,
  recipe: DataRecipe,
  context: TableContext,
): Promise<OpenedData> {
  try {
    return await chooseData(table, recipe, context);
  } catch (error) {
    await table.close();
    throw error;
  }
}

async function chooseData(
  table: FieldTable,
  recipe: DataRecipe,
  { traits, control }: TableContext,
): Promise<OpenedData> {
  const split = namedSplit(recipe);
  if (split !== undefined) {
    throw new UsageError(
      `split ${split}: ${table.name} has rows only; choose them by rows, or draw a share`,
    );
  }
  const { inputs, labels } = chooseFields(table, recipe, traits);
  const sources: RowSource[] = [];
  for (const [i, fields] of dealInputs(table.name, inputs, traits).entries()) {
    sources.push(await inputOf(table, fields, { recipe, traits: traits.inputs[i] }));
  }
  const dealt = dealColumns(
    { place: `${table.name}: labels`, taker: 'outputs' },
    labels,
    traits.outputs.map(({ count }) => count),
  );
  const opened: LabelSource[] = [];
  for (const fields of dealt) opened.push(await labelsOf(table, fields, control));
  const { name, kind, rowCount } = table;
  return { name, kind, rowCount, inputs: sources, labels: opened, close: () => table.close() };
}

function dealInputs(
  name: string,
  inputs: readonly TableField[],
  { inputs: wanted }: ModelTraits,
): readonly (readonly TableField[])[] {
  const sizes = wanted.map(({ shape }) => {
    const sample = shape.slice(1);
    return sample.includes(-1) ? null : sample.reduce((product, size) => product * size, 1);
  });
  return dealColumns({ place: `${name}: inputs`, taker: 'inputs' }, inputs, sizes);
}

async function inputOf(
  table: FieldTable,
  fields: readonly TableField[],
  { recipe, traits }: { readonly recipe: DataRecipe; readonly traits: InputTraits | undefined },
): Promise<RowSource> {
  const [first] = fields;
  if (fields.length === 1 && first?.kind === 'images') {
    return imageRows(first.pictures, recipe.image ?? {}, traits);
  }
  return columnsSideBySide(fields.map((field) => numbersOf(table.name, field)));
}

/** @throws FormatError where the field holds no numbers in some row. */
function numbersOf(name: string, field: TableField): RowSource {
  if (field.kind === 'numbers' && field.firstBad === null) return field.rows;
  const row = field.kind === 'numbers' ? `, row ${field.firstBad?.row ?? 0}` : '';
  throw new FormatError({
    format: 'data',
    place: `${name}, column ${field.name}${row}`,
    found: contentOf(field),
    allowed: 'numbers in every row (rows count from 0, without the header)',
  });
}

function contentOf(field: TableField): string {
  switch (field.kind) {
    case 'numbers':
      return `"${field.firstBad?.text ?? ''}"`;
    case 'words':
      return field.examples.length === 0 ? 'words' : `words (${field.examples.join(', ')})`;
    case 'images':
      return 'pictures';
  }
}

async function labelsOf(
  table: FieldTable,
  fields: readonly TableField[],
  control: JobControl,
): Promise<LabelSource> {
  const [first] = fields;
  if (fields.length === 1 && first?.kind === 'words') {
    return { kind: 'words', name: first.name, column: await first.readWords(control) };
  }
  const columns = fields.map((field) => numbersOf(table.name, field));
  const [only] = columns;
  if (only !== undefined && columns.length === 1) {
    return { kind: 'numbers', rows: only, classNames: first?.classNames ?? null };
  }
  return { kind: 'numbers', rows: columnsSideBySide(columns), classNames: null };
}
