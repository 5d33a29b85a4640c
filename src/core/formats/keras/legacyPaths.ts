import type { TensorEntry } from '../../model/model';
import type { Hdf5Group } from '../hdf5/readHdf5';
import { malformed } from '../hdf5/hdf5Error';
import type { KerasModel } from '../kerasConfig/modelConfig';

const WEIGHTS_GROUP = 'model_weights';
const OPTIMIZER_GROUP = 'optimizer_weights';
const LAYER_NAMES = 'layer_names';
const WEIGHT_NAMES = 'weight_names';

/** The weights of a file as Keras 2 and `.h5` files of Keras 3 keep them. */
export interface LegacyWeights {
  /** Paths of the data sets, in the order of the layers and of each layer's weights. */
  readonly order: readonly string[];
  /** By the path of the data set: the layers around the variable and its name. */
  readonly names: ReadonlyMap<string, string>;
}

/** Whether an `.h5` file keeps weights by layers: with a `model_weights` group, or `layer_names` at the root. */
export async function isLegacy(groups: ReadonlyMap<string, Hdf5Group>): Promise<boolean> {
  if (groups.has(WEIGHTS_GROUP)) return true;
  const root = await groups.get('')?.texts();
  return root !== undefined && (root.has(LAYER_NAMES) || root.has(`${LAYER_NAMES}0`));
}

/** Whether a data set of such a file belongs to the optimizer. */
export function isLegacyOptimizer(path: string): boolean {
  return path.startsWith(`${OPTIMIZER_GROUP}/`);
}

/**
 * Reads which weights belong to which layer, from `layer_names` of the file and `weight_names` of each layer.
 * @throws FormatError when a weight that is named has no data set.
 * Source: save_weights_to_hdf5_group of Keras 2.15 and legacy_h5_format.py of Keras 3.15.
 */
export async function readLegacyWeights(
  tensors: readonly TensorEntry[],
  groups: ReadonlyMap<string, Hdf5Group>,
  model: KerasModel | null,
): Promise<LegacyWeights> {
  const known = new Set(tensors.map(({ name }) => name));
  const base = groups.has(WEIGHTS_GROUP) ? WEIGHTS_GROUP : '';
  const order: string[] = [];
  const names = new Map<string, string>();
  for (const layer of (await readSplit(groups.get(base), LAYER_NAMES)) ?? []) {
    const group = base === '' ? layer : `${base}/${layer}`;
    for (const weight of (await readSplit(groups.get(group), WEIGHT_NAMES)) ?? []) {
      const path = `${group}/${weight}`;
      if (!known.has(path)) throw missingWeight(layer, path);
      order.push(path);
      names.set(path, nameOf(layer, weight, model));
    }
  }
  return { order, names };
}

/** A list that Keras splits into several attributes where it exceeds 64 KiB: `name0`, `name1` and so on. */
async function readSplit(
  group: Hdf5Group | undefined,
  name: string,
): Promise<readonly string[] | null> {
  const texts = await group?.texts();
  if (texts === undefined) return null;
  const whole = texts.get(name);
  if (whole !== undefined) return whole;
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = texts.get(`${name}${i}`);
    if (part === undefined) return i === 0 ? null : parts;
    parts.push(...part);
  }
}

/**
 * The layers around a weight. Weights of a nested model stand in one group and say only their own layer, so
 * the models between are put in.
 */
function nameOf(layer: string, weight: string, model: KerasModel | null): string {
  const parts = weight.split('/');
  const scopes = [layer];
  let nested = model?.layers.find(({ name }) => name === layer)?.nested ?? null;
  let rest = parts;
  while (nested !== null) {
    const own = new Map(nested.layers.map((one) => [one.name, one]));
    const at = rest.findIndex((part) => own.has(part));
    const found = own.get(rest[at] ?? '');
    if (found === undefined) break;
    scopes.push(found.name);
    rest = rest.slice(at + 1);
    nested = found.nested;
  }
  // What stands before the layer's own name are models, written by Keras 3 alone.
  const own = rest === parts ? rest.slice(rest.indexOf(layer) + 1) : rest;
  return [...scopes, ...own].join('/');
}

function missingWeight(layer: string, path: string): Error {
  return malformed({
    place: `layer ${JSON.stringify(layer)}`,
    found: `no data set ${JSON.stringify(path)}, which its ${WEIGHT_NAMES} lists`,
    allowed: 'a data set for each weight',
  });
}
