import type { Dataset } from '../../core/evaluation/dataset';
import type { Graph } from '../../core/graph/graph';
import { type JobControl, throwIfCancelled, unattended } from '../../core/progress';
import type { DataRecipe } from '../../core/recipe/recipe';
import { buildDataset } from './buildDataset';
import { readableInAnyOrder } from './inMemoryRows';
import { classesOf, openTargets, type OpenedTargets } from './labelSource';
import { graphTraits, type ModelTraits } from './modelTraits';
import { openData } from './openData';
import type { OpenedData } from './openedData';
import { selectRows } from './selectRows';

/**
 * Opens the data a recipe names and fits it to a graph's inputs. What the recipe leaves out is guessed
 * from names; nothing is scaled unless it says so. Data without labels gives a data set without targets.
 * @param data with an absolute `file`
 * @param traits of the model, where more than its graph is known
 * @throws UsageError for options that do not fit file or model, naming array or column with found and
 *   allowed; FormatError, UnsupportedError for a file that cannot be read as data; IoError; CancelledError.
 */
export async function loadData(
  data: DataRecipe,
  graph: Graph,
  traits: ModelTraits = graphTraits(graph),
  control: JobControl = unattended,
): Promise<Dataset> {
  const opened = await openData(data, traits, control);
  try {
    return await fitData(opened, data, { traits, control });
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function fitData(
  opened: OpenedData,
  recipe: DataRecipe,
  { traits, control }: { readonly traits: ModelTraits; readonly control: JobControl },
): Promise<Dataset> {
  const { name, rowCount, inputs, labels } = opened;
  const close = () => opened.close();
  const rows = await selectRows(recipe, {
    name,
    rowCount,
    classesOf: (chosen) => classesOf(labels[0], chosen),
  });
  throwIfCancelled(control.signal);
  const anyOrder = inputs.map((input) => readableInAnyOrder(input, rows, name));
  const targets: OpenedTargets[] = [];
  for (const label of labels) {
    const readable =
      label.kind === 'numbers'
        ? { ...label, rows: readableInAnyOrder(label.rows, rows, name) }
        : label;
    targets.push(await openTargets(readable, rows, recipe.classNames ?? null, name));
  }
  return buildDataset({ name, inputs: anyOrder, targets, rows, close }, recipe, traits);
}
