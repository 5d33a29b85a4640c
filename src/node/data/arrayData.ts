import { UsageError } from '../../core/errors';
import type { JobControl } from '../../core/progress';
import type { DataRecipe } from '../../core/recipe/recipe';
import type { DataKind } from '../../protocol/views';
import { type ArraySet, openArraySet } from './arraySet';
import { chooseArrays } from './chooseArrays';
import type { LabelSource } from './labelSource';
import type { ModelTraits } from './modelTraits';
import type { OpenedData } from './openedData';
import type { RowSource } from './rowSource';

/**
 * Arrays as a data set: of an npz, of npy or IDX files. What is stored plainly is read by rows.
 * @throws UsageError for options that the file does not fit; FormatError, IoError as reading does.
 */
export async function openArrayData(
  recipe: DataRecipe,
  kind: DataKind,
  context: { readonly traits: ModelTraits; readonly control: JobControl },
): Promise<OpenedData> {
  const set = await openArraySet(recipe.file, kind);
  try {
    return await arrayData(set, recipe, context);
  } catch (error) {
    await set.close();
    throw error;
  }
}

async function arrayData(
  set: ArraySet,
  recipe: DataRecipe,
  { traits, control }: { readonly traits: ModelTraits; readonly control: JobControl },
): Promise<OpenedData> {
  const chosen = await chooseArrays(set, recipe, traits);
  for (const array of [...chosen.inputs, ...chosen.labels]) await array.verify(control);
  const inputs = chosen.inputs.map((array) => array.rows());
  const labels = chosen.labels.map((array): LabelSource => {
    const own = inputs[chosen.inputs.indexOf(array)];
    return own === undefined
      ? { kind: 'numbers', rows: array.rows(), classNames: null }
      : { kind: 'input', rows: own };
  });
  const rowCount = assertSameRows(set.name, [...inputs, ...labels.flatMap(rowsOf)]);
  return { name: set.name, kind: set.kind, rowCount, inputs, labels, close: () => set.close() };
}

function rowsOf(labels: LabelSource): readonly RowSource[] {
  return labels.kind === 'words' ? [] : [labels.rows];
}

/** @throws UsageError when arrays that belong together have different numbers of rows. */
export function assertSameRows(name: string, sources: readonly RowSource[]): number {
  const [first, ...rest] = sources;
  if (first === undefined) throw new UsageError(`${name}: no input array`);
  for (const { name: other, rowCount } of rest) {
    if (rowCount !== first.rowCount) {
      throw new UsageError(
        `${name}: ${first.name} has ${first.rowCount} rows, but ${other} has ${rowCount}`,
      );
    }
  }
  return first.rowCount;
}
