const SPLITS = ['test', 'val', 'valid', 'validation', 'dev', '', 'train'];
const INPUT_WORDS = ['x', 'images', 'image', 'inputs', 'input', 'data', 'features', 'samples'];
const LABEL_WORDS = ['y', 'labels', 'label', 'targets', 'target', 'classes', 'outputs'];

/** Names of the arrays with inputs and with labels; null where the names do not tell. */
export interface NamedArrays {
  readonly input: string | null;
  readonly labels: string | null;
}

/**
 * Finds inputs and labels among names by habit: `x_test`/`y_test`, then other held-out splits, `X`/`y`,
 * `images`/`labels` and the like, and training data last. Upper and lower case count the same,
 * `-` counts as `_`, and MNIST's `t10k` as `test`.
 * @param split only arrays of this split, when given
 */
export function arraysByConvention(names: readonly string[], split?: string): NamedArrays {
  for (const candidate of split === undefined ? SPLITS : [split]) {
    const input = findWord(names, INPUT_WORDS, candidate);
    if (input === null) continue;
    return { input, labels: findWord(names, LABEL_WORDS, candidate) };
  }
  return { input: null, labels: null };
}

/** The labels that go with a given input: of the same split, or of none. */
export function labelsOfInput(names: readonly string[], input: string): string | null {
  const split = SPLITS.find((candidate) => findWord([input], INPUT_WORDS, candidate) !== null);
  return split === undefined
    ? findWord(names, LABEL_WORDS, '')
    : (findWord(names, LABEL_WORDS, split) ?? findWord(names, LABEL_WORDS, ''));
}

/** Of the splits that a folder's parts are named for, the one that is taken unless another is named. */
export function splitByConvention(names: readonly string[]): string | null {
  for (const split of SPLITS) {
    const name = names.find((candidate) => plainName(candidate) === split);
    if (name !== undefined) return name;
  }
  return null;
}

function findWord(
  names: readonly string[],
  words: readonly string[],
  split: string,
): string | null {
  const suffix = plainName(split);
  for (const word of words) {
    const wanted = suffix === '' ? [word] : [`${word}_${suffix}`, `${suffix}_${word}`];
    const name = names.find((candidate) => wanted.includes(plainName(candidate)));
    if (name !== undefined) return name;
  }
  return null;
}

/** In small letters, words joined by `_`, and without what the files of MNIST add. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-.]idx\d+-ubyte$/, '')
    .replace(/t10k/, 'test')
    .replaceAll('-', '_');
}
