import path from 'node:path';
import type { Model } from '../../core/model/model';
import { verifyChecksums } from '../../core/model/verifyChecksums';
import { unattended } from '../../core/progress';
import type { DataRecipe } from '../../core/recipe/recipe';
import { openModelFile } from '../openModel';
import { assertSameRows, type DatasetParts, targetsOfInput } from './buildDataset';
import { chooseArrays } from './chooseArrays';
import type { ModelTraits } from './modelTraits';
import { resolveRows } from './rowRange';
import { tensorRows } from './rowSource';
import { targetsOfArray } from './targets';

/**
 * The arrays of an npz as a data set; stored arrays are read by rows, deflated ones are in memory.
 * @throws UsageError for options that the file does not fit; FormatError, IoError as reading does.
 */
export async function readNpzData(recipe: DataRecipe, traits: ModelTraits): Promise<DatasetParts> {
  const opened = await openModelFile(recipe.file);
  try {
    await verifyChecksums(opened.model, unattended);
    return await npzParts(opened.model, recipe, { traits, close: () => opened.close() });
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function npzParts(
  model: Model,
  recipe: DataRecipe,
  { traits, close }: { readonly traits: ModelTraits; readonly close: () => Promise<void> },
): Promise<DatasetParts> {
  const name = path.basename(recipe.file);
  const chosen = await chooseArrays(model, recipe, traits);
  const inputs = chosen.inputs.map((tensor) => tensorRows(model, tensor));
  const labels = chosen.labels === null ? null : tensorRows(model, chosen.labels);
  const rowCount = assertSameRows(name, labels === null ? inputs : [...inputs, labels]);
  const range = resolveRows(recipe.rows, rowCount, name);
  if (labels === null) return { name, inputs, targets: null, targetRows: null, range, close };
  const own = inputs.find((input) => input.name === labels.name);
  const targets =
    own === undefined
      ? await targetsOfArray(labels, range, recipe.classNames ?? null)
      : targetsOfInput(own);
  return { name, inputs, targets, targetRows: own === undefined ? labels : null, range, close };
}
