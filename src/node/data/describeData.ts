import path from 'node:path';
import { chooseMeasure } from '../../core/evaluation/measure';
import { UsageError } from '../../core/errors';
import type { Model } from '../../core/model/model';

import type { Loss } from '../../core/recipe/recipe';
import type { DataKind, DataNote, DataView } from '../../protocol/views';
import { type ArraySet, type DataArray, hasNumbers, openArraySet } from './arraySet';
import { chooseArrays } from './chooseArrays';
import type { CsvChoices } from './csvTable';
import { dataKind } from './dataKind';
import { describeImages } from './describeImages';
import { describeTable } from './describeTable';
import { openTargets } from './labelSource';
import { type ModelTraits, modelTraits } from './modelTraits';
import { RowList } from './rowList';
import { elementsPerRow, visitRows } from './rowSource';

/**
 * What a data file holds, and how it is taken unless the user says otherwise: inputs and labels by habit,
 * a scale for unsigned integers (255 → 1/255, up to 16 → 1/16) unless the model scales them itself, the
 * loss from the model's last activation. What cannot be guessed is left out.
 * @param csv how a csv is read, where its guess is wrong
 * @throws FormatError, UnsupportedError for a file that is no data; IoError.
 */
export async function describeData(
  file: string,
  model: Model | null,
  csv: CsvChoices = {},
): Promise<DataView> {
  const traits = model === null ? null : modelTraits(model);
  const kind = await dataKind(file);
  switch (kind) {
    case 'npz':
    case 'npy':
    case 'idx':
    case 'arrays':
      return describeArrays(file, kind, traits);
    case 'csv':
    case 'jsonl':
    case 'parquet':
      return describeTable(file, kind, { traits: traits ?? ANY_MODEL, guessLoss, csv });
    case 'images':
      return describeImages(file, { traits: traits ?? ANY_MODEL, guessLoss, csv });
  }
}

/** Stands for a model that is not known: one input, of any name. */
const ANY_MODEL: ModelTraits = {
  inputs: [
    {
      value: '',
      name: '',
      shape: [-1, -1],
      type: 'float32',
      format: 'channelsLast',
      indexLimit: null,
      scalesItself: false,
    },
  ],
  outputs: [],
  outputCount: null,
  activation: null,
};

async function describeArrays(
  file: string,
  kind: DataKind,
  traits: ModelTraits | null,
): Promise<DataView> {
  const set = await openArraySet(file, kind);
  try {
    const { suggestion, notes } = await suggestArrays(file, set, traits ?? ANY_MODEL);
    const first = suggestion.inputs?.[0];
    const rows = set.arrays.find(({ name }) => name === first) ?? set.arrays[0];
    return {
      path: file,
      name: path.basename(file),
      kind,
      arrays: set.arrays.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
      rowCount: rows?.shape[0] ?? 0,
      suggestion,
      notes,
    };
  } finally {
    await set.close();
  }
}

type Suggestion = Pick<DataView, 'suggestion' | 'notes'>;

async function suggestArrays(
  file: string,
  set: ArraySet,
  traits: ModelTraits,
): Promise<Suggestion> {
  try {
    const { inputs, labels } = await chooseArrays(set, { file }, traits);
    const own = labels.length === 1 && labels[0] !== undefined && inputs.includes(labels[0]);
    const loss = own ? 'mse' : await guessArrayLoss(labels[0], traits);
    const [first] = inputs;
    const pixels = first === undefined ? null : await guessScale(first);
    const selfScaling = pixels !== null && traits.inputs[0]?.scalesItself === true;
    const names = labels.map(({ name }) => name);
    return {
      suggestion: {
        file,
        inputs: inputs.map(({ name }) => name),
        ...(names.length === 0 ? {} : { labels: names.length === 1 ? (names[0] ?? '') : names }),
        ...(pixels === null || selfScaling ? {} : { scale: pixels }),
        ...(loss === null ? {} : { loss }),
      },
      notes: [
        ...(names.length === 0 ? [{ kind: 'noLabels' } as const] : []),
        ...(selfScaling ? [{ kind: 'modelScales' } as const] : []),
      ] satisfies DataNote[],
    };
  } catch (error) {
    // Names that say nothing, or arrays of text: the user is asked instead.
    if (error instanceof UsageError) return { suggestion: { file }, notes: [] };
    throw error;
  }
}

async function guessArrayLoss(
  labels: DataArray | undefined,
  traits: ModelTraits,
): Promise<Loss | null> {
  if (labels === undefined || !hasNumbers(labels)) return null;
  const source = { kind: 'numbers', rows: labels.rows(), classNames: null } as const;
  return guessLoss(source, traits);
}

/** How labels are held against the model's first output; null where they do not fit or nothing is known. */
export async function guessLoss(
  labels: Parameters<typeof openTargets>[0],
  { outputCount, activation }: ModelTraits,
): Promise<Loss | null> {
  if (outputCount === null) return null;
  try {
    const rowCount = labels.kind === 'words' ? labels.column.values.length : labels.rows.rowCount;
    const all = RowList.range({ from: 0, to: rowCount });
    const { targets } = await openTargets(labels, all, null, '');
    return chooseMeasure(targets, { count: outputCount, activation }).loss;
  } catch (error) {
    // Data of another model: it is said when it is used.
    if (error instanceof UsageError) return null;
    throw error;
  }
}

const UNSIGNED: ReadonlySet<string> = new Set(['uint8', 'uint16', 'uint32', 'uint64']);

/** Pixels are mostly kept as whole numbers and learnt from as shares of the largest. */
async function guessScale(array: DataArray): Promise<number | null> {
  if (!UNSIGNED.has(array.dtype)) return null;
  const source = array.rows();
  if (elementsPerRow(source) === 0) return null;
  let largest = 0;
  await visitRows(source, (values) => {
    for (const value of values) if (value > largest) largest = value;
    // No byte is larger, and above it there is nothing to suggest.
    return largest < 255 || (largest === 255 && array.dtype !== 'uint8');
  });
  if (largest === 255) return 1 / 255;
  return largest > 1 && largest <= 16 ? 1 / 16 : null;
}
