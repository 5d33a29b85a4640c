import type { Batch, Dataset } from '../../core/evaluation/dataset';
import { UsageError } from '../../core/errors';
import type { DenseArray } from '../../core/graph/executor';
import type { DataRecipe } from '../../core/recipe/recipe';
import { assertIndices } from './assertIndices';
import type { OpenedTargets } from './labelSource';
import type { InputTraits, ModelTraits } from './modelTraits';
import { makePreprocess, type Preprocess } from './preprocess';
import type { RowList } from './rowList';
import { readSelected, type RowSource } from './rowSource';
import { fitSample } from './sampleLayout';

/** Where the samples and what is expected of them come from. */
export interface DatasetParts {
  /** The file's name, for messages. */
  readonly name: string;
  readonly inputs: readonly RowSource[];
  /** In the order of the outputs. */
  readonly targets: readonly OpenedTargets[];
  readonly rows: RowList;
  readonly close: () => Promise<void>;
}

/** An input with how its rows become the network's. */
interface PreparedInput {
  readonly rows: RowSource;
  readonly sampleShape: readonly number[];
  readonly preprocess: Preprocess;
  readonly traits: InputTraits;
}

/**
 * Fits rows to a graph's inputs. Targets that are an input's own array are that input as the network gets it.
 * @throws UsageError naming array and input where their numbers or shapes do not fit.
 */
export function buildDataset(
  parts: DatasetParts,
  recipe: DataRecipe,
  { inputs }: Pick<ModelTraits, 'inputs'>,
): Dataset {
  const { name, targets, rows } = parts;
  if (parts.inputs.length !== inputs.length) {
    const names = parts.inputs.map((input) => input.name).join(', ');
    throw new UsageError(
      `${name}: ${parts.inputs.length} input arrays (${names}); the model takes ${inputs.length}: ${inputs.map((input) => input.name).join(', ')}`,
    );
  }
  const prepared = inputs.map((input, i) =>
    prepareInput(parts.inputs[i] ?? missing(), input, { name, recipe }),
  );
  return {
    name,
    sampleCount: rows.count,
    sampleShapes: prepared.map(({ sampleShape }) => sampleShape),
    targets: targets.map((target) => target.targets),
    readBatch: (from, to) => readBatch(parts, prepared, rows.slice(from, to)),
    close: parts.close,
  };
}

function missing(): never {
  throw new Error('an input has no array');
}

function prepareInput(
  rows: RowSource,
  traits: InputTraits,
  { name, recipe }: { readonly name: string; readonly recipe: DataRecipe },
): PreparedInput {
  const layout = fitSample({
    place: `${name}: ${rows.name}`,
    dataShape: rows.sampleShape,
    inputShape: traits.shape.slice(1),
    inputName: traits.name,
    inputFormat: traits.format,
    layout: rows.layout ?? recipe.layout,
  });
  // Whole numbers name something; scaled they would name nothing.
  const scaling = traits.type === 'float32' && traits.indexLimit === null ? recipe : {};
  const preprocess = makePreprocess(scaling, layout, rows.sampleShape);
  return { rows, sampleShape: layout.sampleShape, preprocess, traits };
}

async function readBatch(
  { name, targets }: DatasetParts,
  inputs: readonly PreparedInput[],
  rows: RowList,
): Promise<Batch> {
  const batch: DenseArray[] = [];
  for (const { rows: source, sampleShape, preprocess, traits } of inputs) {
    const found = await readSelected(source, rows);
    assertIndices(found, { place: `${name}: ${source.name}`, traits, rows });
    batch.push({ shape: [rows.count, ...sampleShape], values: preprocess(found) });
  }
  const expected: Batch['targets'][number][] = [];
  for (const target of targets) {
    const own = batch[inputs.findIndex((input) => input.rows.name === target.targets.name)];
    expected.push(await readTargets(target, rows, own));
  }
  return { inputs: batch, targets: expected };
}

async function readTargets(
  { targets, rows: source }: OpenedTargets,
  rows: RowList,
  ownInput: DenseArray | undefined,
): Promise<Batch['targets'][number]> {
  if (targets.kind === 'column') return new Float64Array(0);
  if (source !== null) return Float64Array.from(await readSelected(source, rows));
  return ownInput?.values ?? new Float64Array(0);
}
