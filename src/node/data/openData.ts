import type { JobControl } from '../../core/progress';
import type { DataRecipe } from '../../core/recipe/recipe';
import { openArrayData } from './arrayData';
import { openCsvTable } from './csvData';
import { dataKind } from './dataKind';
import { openImageData } from './images/imageData';
import { openJsonLines } from './jsonLines';
import type { ModelTraits } from './modelTraits';
import type { OpenedData } from './openedData';
import { openParquet } from './parquet/parquetTable';
import { tableData } from './tableData';

/**
 * Opens data of any kind, with the inputs and labels that the recipe names or that are guessed.
 * @throws UsageError for options that the data does not fit; FormatError, UnsupportedError, IoError.
 */
export async function openData(
  recipe: DataRecipe,
  traits: ModelTraits,
  control: JobControl,
): Promise<OpenedData> {
  const kind = await dataKind(recipe.file);
  switch (kind) {
    case 'npz':
    case 'npy':
    case 'idx':
    case 'arrays':
      return openArrayData(recipe, kind, { traits, control });
    case 'csv':
      return tableData(await openCsvTable(recipe), recipe, { traits, control });
    case 'jsonl':
      return tableData(await openJsonLines(recipe.file, control), recipe, { traits, control });
    case 'parquet':
      return tableData(await openParquet(recipe.file), recipe, { traits, control });
    case 'images':
      return openImageData(recipe, traits, control);
  }
}
