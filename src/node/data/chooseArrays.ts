import { UsageError } from '../../core/errors';
import type { Model, TensorEntry } from '../../core/model/model';
import type { DataRecipe } from '../../core/recipe/recipe';
import { arraysByConvention, labelsOfInput } from './conventions';
import type { ModelTraits } from './modelTraits';
import { elementsPerRow, tensorRows, visitRows } from './rowSource';

/** Arrays with the inputs, in the order of the model's, and with the labels. */
export interface ChosenArrays {
  readonly inputs: readonly TensorEntry[];
  readonly labels: TensorEntry | null;
}

/**
 * The arrays that the recipe names, the rest guessed: inputs by the model's input names, else by habit
 * (`x_test`/`y_test`, …), else the larger of two arrays; labels by habit. A model that gives as many
 * numbers as it takes, and more than there are classes, is an autoencoder: its input is what it should give.
 * @throws UsageError naming the arrays there are.
 */
export async function chooseArrays(
  model: Model,
  recipe: Pick<DataRecipe, 'file' | 'inputs' | 'labels' | 'split'>,
  traits: ModelTraits,
): Promise<ChosenArrays> {
  const arrays = new Arrays(model.tensors);
  const inputs = (recipe.inputs ?? guessInputs(arrays, recipe, traits)).map((name) =>
    arrays.get(name),
  );
  if (recipe.labels !== undefined) return { inputs, labels: arrays.get(recipe.labels) };
  const labels = guessLabels(arrays, inputs);
  return { inputs, labels: await orInput(model, inputs, labels, traits) };
}

class Arrays {
  readonly names: readonly string[];

  constructor(readonly tensors: readonly TensorEntry[]) {
    this.names = tensors.map(({ name }) => name);
  }

  get(name: string): TensorEntry {
    const tensor = this.tensors.find((candidate) => candidate.name === name);
    if (tensor !== undefined) return tensor;
    throw new UsageError(`there is no array ${name}; the data has ${this.list()}`);
  }

  list(): string {
    return this.names.length === 0 ? 'none' : this.names.join(', ');
  }
}

function guessInputs(
  arrays: Arrays,
  { split }: Pick<DataRecipe, 'split'>,
  { inputs }: ModelTraits,
): readonly string[] {
  const byModel = inputs.map(({ name }) => name);
  if (split === undefined && byModel.every((name) => arrays.names.includes(name))) return byModel;
  const byPosition = inputs.map((_, i) => `input${i}`);
  if (split === undefined && byPosition.every((name) => arrays.names.includes(name)))
    return byPosition;
  const { input } = arraysByConvention(arrays.names, split);
  if (input !== null && inputs.length === 1) return [input];
  const larger = split === undefined ? largerOfTwo(arrays.tensors) : null;
  if (larger !== null && inputs.length === 1) return [larger];
  const wanted = split === undefined ? `input ${byModel.join(', ')}` : `x_${split}`;
  throw new UsageError(`which array holds ${wanted}? The data has ${arrays.list()}`);
}

function largerOfTwo(tensors: readonly TensorEntry[]): string | null {
  const [first, second, ...rest] = tensors;
  if (first === undefined || rest.length > 0) return null;
  if (second === undefined) return first.name;
  if (first.shape[0] !== second.shape[0] || first.elementCount === second.elementCount) return null;
  return first.elementCount > second.elementCount ? first.name : second.name;
}

function guessLabels(
  { names, tensors }: Arrays,
  inputs: readonly TensorEntry[],
): TensorEntry | null {
  const [input] = inputs;
  const others = tensors.filter((tensor) => !inputs.includes(tensor));
  const name = input === undefined ? null : labelsOfInput(names, input.name);
  if (name !== null) return others.find((tensor) => tensor.name === name) ?? null;
  return others.length === 1 ? (others[0] ?? null) : null;
}

async function orInput(
  model: Model,
  inputs: readonly TensorEntry[],
  labels: TensorEntry | null,
  { outputCount }: ModelTraits,
): Promise<TensorEntry | null> {
  const [input] = inputs;
  if (input === undefined || outputCount === null) return labels;
  const source = tensorRows(model, input);
  if (elementsPerRow(source) !== outputCount || outputCount === 1) return labels;
  if (labels === null) return input;
  return (await classCount(model, labels)) < outputCount ? input : labels;
}

/** One more than the largest class; Infinity for labels that are no classes. */
async function classCount(model: Model, labels: TensorEntry): Promise<number> {
  const source = tensorRows(model, labels);
  if (elementsPerRow(source) !== 1) return Infinity;
  let largest = -Infinity;
  await visitRows(source, { from: 0, to: source.rowCount }, (values) => {
    for (const value of values)
      largest = Math.max(largest, Number.isInteger(value) ? value : Infinity);
    return largest !== Infinity;
  });
  return largest + 1;
}
