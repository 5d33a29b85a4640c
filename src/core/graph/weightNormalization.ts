import { parseTensorName, type TensorNameParts } from './tensorNames';

/** What a tensor's name says in the company of the file's other names. */
export interface InferredParts extends Omit<TensorNameParts, 'role'> {
  /** `magnitude`: the lengths by which weight normalisation scales a weight's rows. */
  readonly role: TensorNameParts['role'] | 'magnitude';
}

/** How PyTorch names the magnitude beside the direction, which is the weight proper. */
const PAIRS = [
  { magnitude: /^(.*?)(weight\w*)_g$/, direction: (word: string) => `${word}_v` },
  {
    magnitude: /^(.*?)parametrizations\.(weight\w*)\.original0$/,
    direction: (word: string) => `parametrizations.${word}.original1`,
  },
] as const;

/**
 * The names of weight-normalised layers, taken apart: the direction (`weight_v`, `original1`) is the
 * weight of the layer whose bias stands beside it; the magnitude (`weight_g`, `original0`) is none.
 * Source: torch/nn/utils/weight_norm.py and torch/nn/utils/parametrizations.py of PyTorch 2.13.
 */
export function weightNormalizedParts(
  names: readonly string[],
): ReadonlyMap<string, InferredParts> {
  const known = new Set(names);
  const parts = new Map<string, InferredParts>();
  for (const name of names) {
    for (const { magnitude, direction } of PAIRS) {
      const [, before, word] = magnitude.exec(name) ?? [];
      if (before === undefined || word === undefined) continue;
      const weight = before + direction(word);
      if (!known.has(weight)) continue;
      const plain = parseTensorName(before + word);
      parts.set(weight, plain);
      parts.set(name, { ...plain, role: 'magnitude', pairKey: name, layer: name });
    }
  }
  return parts;
}
