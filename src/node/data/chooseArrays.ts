import { UsageError } from '../../core/errors';
import type { DataRecipe } from '../../core/recipe/recipe';
import { type ArraySet, type DataArray, hasNumbers } from './arraySet';
import { arraysByConvention, labelsOfInput } from './conventions';
import type { ModelTraits } from './modelTraits';
import { labelNames } from './recipeNames';
import { elementsPerRow, visitRows } from './rowSource';

/** Arrays with the inputs, in the order of the model's, and with the labels, in that of its outputs. */
export interface ChosenArrays {
  readonly inputs: readonly DataArray[];
  readonly labels: readonly DataArray[];
}

type ArrayChoice = Pick<DataRecipe, 'file' | 'inputs' | 'labels' | 'split'>;

/**
 * The arrays that the recipe names, the rest guessed: inputs by the model's input names, else by habit
 * (`x_test`/`y_test`, …), else the larger of two arrays; labels by the model's output names, else by
 * habit. A model that gives as many numbers as it takes, and more than there are classes, is an
 * autoencoder: its input is what it should give.
 * @throws UsageError naming the arrays there are.
 */
export async function chooseArrays(
  set: ArraySet,
  recipe: ArrayChoice,
  traits: ModelTraits,
): Promise<ChosenArrays> {
  const split = typeof recipe.split === 'string' ? recipe.split : undefined;
  const inputs = await findAll(set, recipe.inputs ?? guessInputs(set, split, traits));
  if (recipe.labels !== undefined) {
    return { inputs, labels: await findAll(set, labelNames(recipe)) };
  }
  const byOutput = labelsOfOutputs(set.arrays, inputs, traits);
  if (byOutput !== null) return { inputs, labels: byOutput };
  const labels = await orInput(inputs, guessLabels(set.arrays, inputs), traits);
  return { inputs, labels: labels === null ? [] : [labels] };
}

async function findAll(set: ArraySet, names: readonly string[]): Promise<readonly DataArray[]> {
  const found: DataArray[] = [];
  for (const name of names) found.push(await findArray(set, name));
  return found;
}

async function findArray(set: ArraySet, wanted: string): Promise<DataArray> {
  const array =
    set.arrays.find(({ name }) => name === wanted) ??
    set.arrays.find(({ file }) => file === wanted) ??
    (await set.openBeside(wanted));
  if (array !== null) return array;
  throw new UsageError(`there is no array ${wanted}; the data has ${listOf(set)}`);
}

function listOf({ arrays }: ArraySet): string {
  return arrays.length === 0 ? 'none' : arrays.map(({ name }) => name).join(', ');
}

function guessInputs(
  set: ArraySet,
  split: string | undefined,
  { inputs }: ModelTraits,
): readonly string[] {
  // A file that is named itself holds the inputs; what lies beside are labels.
  const [own] = set.arrays;
  if ((set.kind === 'npy' || set.kind === 'idx') && own !== undefined) return [own.name];
  const names = set.arrays.map(({ name }) => name);
  const byModel = inputs.map(({ name }) => name);
  if (split === undefined && byModel.every((name) => names.includes(name))) return byModel;
  const byPosition = inputs.map((_, i) => `input${i}`);
  if (split === undefined && byPosition.every((name) => names.includes(name))) return byPosition;
  const { input } = arraysByConvention(names, split);
  if (input !== null && inputs.length === 1) return [input];
  const larger = split === undefined ? largerOfTwo(set.arrays) : null;
  if (larger !== null && inputs.length === 1) return [larger];
  const wanted = split === undefined ? `input ${byModel.join(', ')}` : `x_${split}`;
  throw new UsageError(`which array holds ${wanted}? The data has ${listOf(set)}`);
}

function largerOfTwo(arrays: readonly DataArray[]): string | null {
  const [first, second, ...rest] = arrays;
  if (first === undefined || rest.length > 0) return null;
  if (second === undefined) return first.name;
  const sizes = [first, second].map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const [one = 0, other = 0] = sizes;
  if (first.shape[0] !== second.shape[0] || one === other) return null;
  return one > other ? first.name : second.name;
}

/** Arrays named as the model's outputs are, where it has several and there is one for each. */
function labelsOfOutputs(
  arrays: readonly DataArray[],
  inputs: readonly DataArray[],
  { outputs }: ModelTraits,
): readonly DataArray[] | null {
  if (outputs.length < 2) return null;
  const found = outputs.map(({ name }) =>
    arrays.find((array) => array.name === name && !inputs.includes(array)),
  );
  return found.every((array) => array !== undefined) ? found : null;
}

function guessLabels(arrays: readonly DataArray[], inputs: readonly DataArray[]): DataArray | null {
  const [input] = inputs;
  const others = arrays.filter((array) => !inputs.includes(array));
  const names = arrays.map(({ name }) => name);
  const name = input === undefined ? null : labelsOfInput(names, input.name);
  if (name !== null) return others.find((array) => array.name === name) ?? null;
  return others.length === 1 ? (others[0] ?? null) : null;
}

async function orInput(
  inputs: readonly DataArray[],
  labels: DataArray | null,
  { outputCount }: ModelTraits,
): Promise<DataArray | null> {
  const [input] = inputs;
  if (input === undefined || outputCount === null) return labels;
  if (elementsPerRow(input.rows()) !== outputCount || outputCount === 1) return labels;
  if (labels === null) return input;
  return (await classCount(labels)) < outputCount ? input : labels;
}

/** One more than the largest class; Infinity for labels that are no classes. */
async function classCount(labels: DataArray): Promise<number> {
  if (!hasNumbers(labels)) return Infinity;
  const source = labels.rows();
  if (elementsPerRow(source) !== 1) return Infinity;
  let largest = -Infinity;
  await visitRows(source, (values) => {
    for (const value of values)
      largest = Math.max(largest, Number.isInteger(value) ? value : Infinity);
    return largest !== Infinity;
  });
  return largest + 1;
}
