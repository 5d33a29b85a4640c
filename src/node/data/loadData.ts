import type { Dataset } from '../../core/evaluation/dataset';
import type { Graph } from '../../core/graph/graph';
import type { DataRecipe } from '../../core/recipe/recipe';
import { buildDataset } from './buildDataset';
import { readCsvData } from './csvData';
import { dataKind } from './dataKind';
import { graphTraits, type ModelTraits } from './modelTraits';
import { readNpzData } from './npzData';

/**
 * Opens the data a recipe names and fits it to a graph's inputs. What the recipe leaves out is guessed
 * from names; nothing is scaled unless it says so.
 * @param data with an absolute `file`
 * @param traits of the model, where more than its graph is known
 * @throws UsageError for options that do not fit file or model, naming array or column with found and
 *   allowed; FormatError, UnsupportedError for a file that cannot be read as data; IoError.
 */
export async function loadData(
  data: DataRecipe,
  graph: Graph,
  traits: ModelTraits = graphTraits(graph),
): Promise<Dataset> {
  const kind = await dataKind(data.file);
  const parts = kind === 'npz' ? await readNpzData(data, traits) : await readCsvData(data);
  try {
    return buildDataset(parts, data, graph);
  } catch (error) {
    await parts.close();
    throw error;
  }
}
