import path from 'node:path';
import { chooseMeasure } from '../../core/evaluation/measure';
import type { Targets } from '../../core/evaluation/dataset';
import { UsageError } from '../../core/errors';
import type { Model } from '../../core/model/model';
import type { DataRecipe, Loss } from '../../core/recipe/recipe';
import type { DataView } from '../../protocol/views';
import { openModelFile } from '../openModel';
import { chooseArrays } from './chooseArrays';
import { countRecords } from './csvDelimiter';
import { guessLabels } from './csvData';
import { readCsvTable } from './csvTable';
import { dataKind } from './dataKind';
import { DESCRIBED_CSV_ROWS } from './limits';
import { type ModelTraits, modelTraits } from './modelTraits';
import { elementsPerRow, tensorRows, visitRows } from './rowSource';
import { targetsOfArray } from './targets';

/**
 * What a data file holds, and how it is taken unless the user says otherwise: inputs and labels by habit,
 * a scale for unsigned integers (255 → 1/255, up to 16 → 1/16), the loss from the model's last activation.
 * What cannot be guessed is left out.
 * @throws FormatError, UnsupportedError for a file that is no data; IoError.
 */
export async function describeData(file: string, model: Model | null): Promise<DataView> {
  const traits = model === null ? null : modelTraits(model);
  return (await dataKind(file)) === 'npz' ? describeNpz(file, traits) : describeCsv(file, traits);
}

async function describeNpz(file: string, traits: ModelTraits | null): Promise<DataView> {
  const opened = await openModelFile(file);
  const { model } = opened;
  try {
    const arrays = model.tensors.map(({ name, shape, dtype, dtypeLabel }) => ({
      name,
      shape,
      dtype: dtypeLabel ?? dtype,
    }));
    const suggestion = await suggestArrays(file, model, traits);
    const first = suggestion.inputs?.[0];
    const rows = arrays.find(({ name }) => name === first) ?? arrays[0];
    return {
      path: file,
      name: path.basename(file),
      kind: 'npz',
      arrays,
      rowCount: rows?.shape[0] ?? 0,
      suggestion,
    };
  } finally {
    await opened.close();
  }
}

async function suggestArrays(
  file: string,
  model: Model,
  traits: ModelTraits | null,
): Promise<DataRecipe> {
  try {
    const { inputs, labels } = await chooseArrays(model, { file }, traits ?? ANY_MODEL);
    const scale = inputs[0] === undefined ? null : await guessScale(model, inputs[0].name);
    const own = labels !== null && inputs.includes(labels);
    const targets = labels === null || own ? null : await readTargets(model, labels.name);
    const loss = own ? 'mse' : guessLoss(targets, traits);
    return {
      file,
      inputs: inputs.map(({ name }) => name),
      ...(labels === null ? {} : { labels: labels.name }),
      ...(scale === null ? {} : { scale }),
      ...(loss === null ? {} : { loss }),
    };
  } catch (error) {
    // Names that say nothing, or arrays of text: the user is asked instead.
    if (error instanceof UsageError) return { file };
    throw error;
  }
}

/** Stands for a model that is not known: one input, of any name. */
const ANY_MODEL: ModelTraits = {
  inputs: [{ value: '', name: '', shape: [], type: 'float32' }],
  outputCount: null,
  activation: null,
};

async function readTargets(model: Model, name: string): Promise<Targets | null> {
  const tensor = model.tensors.find((candidate) => candidate.name === name);
  if (tensor === undefined) return null;
  const source = tensorRows(model, tensor);
  return targetsOfArray(source, { from: 0, to: source.rowCount }, null);
}

function guessLoss(targets: Targets | null, traits: ModelTraits | null): Loss | null {
  if (targets === null || traits === null || traits.outputCount === null) return null;
  const output = { count: traits.outputCount, activation: traits.activation };
  try {
    return chooseMeasure(targets, output).loss;
  } catch (error) {
    // Data of another model: it is said when it is used.
    if (error instanceof UsageError) return null;
    throw error;
  }
}

const UNSIGNED: ReadonlySet<string> = new Set(['uint8', 'uint16', 'uint32', 'uint64']);

/** Pixels are mostly kept as whole numbers and learnt from as shares of the largest. */
async function guessScale(model: Model, name: string): Promise<number | null> {
  const tensor = model.tensors.find((candidate) => candidate.name === name);
  if (tensor === undefined || !UNSIGNED.has(tensor.dtype)) return null;
  const source = tensorRows(model, tensor);
  if (elementsPerRow(source) === 0) return null;
  let largest = 0;
  await visitRows(source, { from: 0, to: source.rowCount }, (values) => {
    for (const value of values) if (value > largest) largest = value;
    // No byte is larger, and above it there is nothing to suggest.
    return largest < 255 || (largest === 255 && tensor.dtype !== 'uint8');
  });
  if (largest === 255) return 1 / 255;
  return largest > 1 && largest <= 16 ? 1 / 16 : null;
}

async function describeCsv(file: string, traits: ModelTraits | null): Promise<DataView> {
  const table = await readCsvTable(file, DESCRIBED_CSV_ROWS);
  const whole = table.rowCount < DESCRIBED_CSV_ROWS;
  const records = whole ? table.rowCount : (await countRecords(file)) - Number(table.hasHeader);
  const labels = guessLabels(table);
  const inputs = table.columns.filter((column) => column !== labels && column.words === null);
  const { name, values, words } = labels;
  const loss = guessLoss({ kind: 'column', name, values, classNames: words }, traits);
  return {
    path: file,
    name: table.name,
    kind: 'csv',
    arrays: table.columns.map((column) => ({
      name: column.name,
      shape: [records],
      dtype: column.words === null ? 'float64' : 'string',
    })),
    rowCount: records,
    suggestion: {
      file,
      inputs: inputs.map((column) => column.name),
      labels: name,
      ...(loss === null ? {} : { loss }),
    },
  };
}
