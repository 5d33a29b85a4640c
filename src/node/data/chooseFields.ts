import { UsageError } from '../../core/errors';
import type { DataRecipe } from '../../core/recipe/recipe';
import { arraysByConvention, labelsOfInput } from './conventions';
import { type FieldTable, isScalar, type TableField } from './fieldTable';
import type { ModelTraits } from './modelTraits';
import { labelNames } from './recipeNames';

/** Fields with the inputs, and with the labels. */
export interface ChosenFields {
  readonly inputs: readonly TableField[];
  readonly labels: readonly TableField[];
}

/** Columns that are called this hold labels, wherever they stand; `y` may as well be a coordinate. */
const LABEL_COLUMNS = /^(label|target|class)(e?s)?$/i;

/**
 * The fields that the recipe names, the rest guessed. Labels: the column called so, else the last that
 * holds words, else the last; none where the columns of numbers are just as many as the model takes. Inputs:
 * all other columns of numbers. Records with arrays or pictures: by the model's names, else by habit.
 * @throws UsageError listing the fields.
 */
export function chooseFields(
  table: FieldTable,
  recipe: Pick<DataRecipe, 'inputs' | 'labels'>,
  traits: ModelTraits,
): ChosenFields {
  const named = recipe.inputs?.map((name) => findField(table, name));
  const labels =
    recipe.labels === undefined
      ? guessLabels(table, named, traits)
      : labelNames(recipe).map((name) => findField(table, name));
  return { inputs: named ?? guessInputs(table, labels, traits), labels };
}

/**
 * A field by its name, else by its index as text; negative indices count from the end.
 * @throws UsageError listing the fields.
 */
export function findField({ name, fields }: FieldTable, wanted: string): TableField {
  const byName = fields.find((field) => field.name === wanted);
  if (byName !== undefined) return byName;
  const byIndex = /^-?\d+$/.test(wanted) ? fields.at(Number(wanted)) : undefined;
  if (byIndex !== undefined) return byIndex;
  throw new UsageError(`${name}: there is no column ${wanted}; it has ${listOf(fields)}`);
}

function listOf(fields: readonly TableField[]): string {
  const names = fields.slice(0, 12).map((field) => field.name);
  return (fields.length > names.length ? [...names, '…'] : names).join(', ');
}

function hasArrays({ fields }: FieldTable): boolean {
  return fields.some((field) => field.kind === 'images' || isArray(field));
}

function isArray(field: TableField): boolean {
  return field.kind === 'numbers' && !isScalar(field);
}

function guessLabels(
  table: FieldTable,
  inputs: readonly TableField[] | undefined,
  traits: ModelTraits,
): readonly TableField[] {
  const { fields } = table;
  const byOutput = fieldsNamed(
    fields,
    traits.outputs.map(({ name }) => name),
  );
  if (traits.outputs.length > 1 && byOutput !== null) return byOutput;
  const others = fields.filter((field) => inputs?.includes(field) !== true);
  if (hasArrays(table)) return labelsOfRecords(table, inputs ?? []);
  if (inputs === undefined && takesAll(fields, traits)) return [];
  const guess =
    others.find(({ name }) => LABEL_COLUMNS.test(name)) ??
    others.findLast(({ kind }) => kind === 'words') ??
    others.at(-1);
  return guess === undefined ? [] : [guess];
}

/** Records with arrays or pictures name their labels, or have one field beside the input. */
function labelsOfRecords(
  { fields }: FieldTable,
  inputs: readonly TableField[],
): readonly TableField[] {
  const names = fields.map(({ name }) => name);
  const input = inputs[0]?.name ?? arraysByConvention(names).input;
  const habit =
    (input === null ? null : labelsOfInput(names, input)) ??
    names.find((name) => LABEL_COLUMNS.test(name)) ??
    null;
  const rest = fields.filter((field) => field.kind === 'words' || isScalar(field));
  const guess =
    fields.find(({ name }) => name === habit) ?? (rest.length === 1 ? rest[0] : undefined);
  return guess === undefined ? [] : [guess];
}

/** Whether the columns are numbers throughout and as many as the model takes, so that none is left for labels. */
function takesAll(fields: readonly TableField[], { inputs }: ModelTraits): boolean {
  const sizes = inputs.flatMap(({ shape }) => shape.slice(1));
  const [first] = inputs;
  if (inputs.length !== 1 || first === undefined || sizes.includes(-1) || sizes.length === 0) {
    return false;
  }
  const wanted = sizes.reduce((product, size) => product * size, 1);
  return fields.every(isScalar) && fields.length === wanted;
}

function guessInputs(
  table: FieldTable,
  labels: readonly TableField[],
  { inputs }: ModelTraits,
): readonly TableField[] {
  const others = table.fields.filter((field) => !labels.includes(field));
  const byModel = fieldsNamed(
    others,
    inputs.map(({ name }) => name),
  );
  if (byModel !== null) return byModel;
  if (!hasArrays(table)) {
    const columns = others.filter(({ kind }) => kind === 'numbers');
    if (columns.length > 0) return columns;
    const beside = labels.map(({ name }) => name).join(', ');
    throw new UsageError(`${table.name}: no column of numbers beside the labels ${beside}`);
  }
  const arrays = others.filter((field) => field.kind === 'images' || isArray(field));
  const { input } = arraysByConvention(others.map(({ name }) => name));
  const habit = others.find(({ name }) => name === input);
  if (habit !== undefined && inputs.length === 1) return [habit];
  if (arrays.length === inputs.length) return arrays;
  const wanted = inputs.map(({ name }) => name).join(', ');
  throw new UsageError(
    `${table.name}: which field holds input ${wanted}? It has ${listOf(table.fields)}`,
  );
}

/** The fields of these names; null where one is missing. */
function fieldsNamed(
  fields: readonly TableField[],
  names: readonly string[],
): readonly TableField[] | null {
  const found = names.map((name) => fields.find((field) => field.name === name));
  return found.length > 0 && found.every((field) => field !== undefined) ? found : null;
}
