import type { TensorEntry } from '../../model/model';
import { ConfigFields } from '../kerasConfig/configFields';
import type { KerasModel, KerasLayer } from '../kerasConfig/modelConfig';
import { toSnakeCase } from '../kerasConfig/toSnakeCase';
import { isJsonObject } from '../parseJson';
import type { Hdf5Group } from '../hdf5/readHdf5';
import { variableNames } from './variableNames';

/** Keras 3 keeps the variables of an object as numbered data sets in a group of this name. */
const VARIABLES = 'vars';
const LAYERS = 'layers';
/** The attribute of a `vars` group that names its object; files before Keras 3.7 lack it. */
const NAME = 'name';

/** Whether a data set's path is one of Keras 3's numbered variables. */
export function isNumberedVariable(path: string): boolean {
  return /(^|\/)vars\/\d+$/.test(path);
}

/**
 * Names for Keras 3's numbered variables: the layers' own names around them and the variable's name, such as
 * `encoder/enc1/kernel` for `layers/functional/layers/dense/vars/0`.
 * @param model the configuration, which names the layers where the file does not
 * @returns by the path of the data set, the variables of each object in their order
 * Source: _save_container_state of Keras 3.15, saving_lib.py.
 */
export async function nameNumberedVariables(
  tensors: readonly TensorEntry[],
  groups: ReadonlyMap<string, Hdf5Group>,
  model: KerasModel | null,
): Promise<ReadonlyMap<string, string>> {
  const counted = model === null ? new Map<string, KerasLayer>() : countLayers(model);
  const names = new Map<string, string>();
  for (const [objectPath, variables] of byObject(tensors)) {
    const parts = objectPath === '' ? [] : objectPath.split('/');
    const scopes = await scopesOf(parts, groups, counted);
    const config = counted.get(objectPath)?.config ?? wrappedLayer(parts, counted)?.config;
    const flags = {
      scale: config?.raw('scale') !== false,
      center: config?.raw('center') !== false,
      useScale: config?.raw('use_scale') === true,
    };
    const className = wrappedLayer(parts, counted)?.className;
    const objectName = className === undefined ? (parts.at(-1) ?? '') : toSnakeCase(className);
    const variableOf = variableNames(objectName, variables, flags);
    variables.forEach(({ name }, i) => {
      names.set(name, [...scopes, variableOf[i] ?? name].join('/'));
    });
  }
  return names;
}

/** The layer that a wrapper keeps as its attribute `layer`. */
function wrappedLayer(
  parts: readonly string[],
  counted: ReadonlyMap<string, KerasLayer>,
): { readonly className: string; readonly config: ConfigFields } | null {
  const depth = parts.findLastIndex((part) => part !== 'layer') + 1;
  if (depth === parts.length) return null;
  let json = counted.get(parts.slice(0, depth).join('/'))?.config.raw('layer');
  for (let inner = depth + 1; inner < parts.length && isJsonObject(json); inner++) {
    const config = json['config'];
    json = isJsonObject(config) ? config['layer'] : undefined;
  }
  if (!isJsonObject(json) || !isJsonObject(json['config'])) return null;
  const className = json['class_name'];
  if (typeof className !== 'string') return null;
  return { className, config: new ConfigFields(json['config'], parts.join('/')) };
}

function byObject(tensors: readonly TensorEntry[]): ReadonlyMap<string, readonly TensorEntry[]> {
  const objects = new Map<string, TensorEntry[]>();
  for (const tensor of tensors) {
    if (!isNumberedVariable(tensor.name)) continue;
    const objectPath = tensor.name.replace(/\/?vars\/\d+$/, '');
    const variables = objects.get(objectPath);
    if (variables === undefined) objects.set(objectPath, [tensor]);
    else variables.push(tensor);
  }
  for (const variables of objects.values()) {
    variables.sort((a, b) => numberOf(a.name) - numberOf(b.name));
  }
  return new Map([...objects].sort(([a], [b]) => compareText(buildOrder(a), buildOrder(b))));
}

/** Attributes whose alphabetical order is not that in which Keras builds them. */
const BUILD_ORDER: Readonly<Record<string, string>> = {
  forward_layer: '0',
  backward_layer: '1',
  query_dense: '0',
  key_dense: '1',
  value_dense: '2',
  output_dense: '3',
};

function buildOrder(objectPath: string): string {
  const parts = objectPath.split('/');
  return parts.map((part) => (Object.hasOwn(BUILD_ORDER, part) ? BUILD_ORDER[part] : part)).join();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf(path: string): number {
  return Number(path.slice(path.lastIndexOf('/') + 1));
}

/** Members of `layers` go by their own name, everything else by the attribute that holds it. */
async function scopesOf(
  parts: readonly string[],
  groups: ReadonlyMap<string, Hdf5Group>,
  counted: ReadonlyMap<string, KerasLayer>,
): Promise<readonly string[]> {
  const scopes: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    const isContainer = part === LAYERS && i + 1 < parts.length;
    if (!isContainer) {
      scopes.push(part);
      continue;
    }
    i++;
    const path = parts.slice(0, i + 1).join('/');
    const stored = (await groups.get(`${path}/${VARIABLES}`)?.texts())?.get(NAME)?.[0];
    scopes.push(stored ?? counted.get(path)?.name ?? parts[i] ?? '');
  }
  return scopes;
}

/** The layers of a model by the paths that Keras gives them: classes in snake case, numbered in order. */
function countLayers(model: KerasModel, prefix = ''): Map<string, KerasLayer> {
  const used = new Map<string, number>();
  const paths = new Map<string, KerasLayer>();
  for (const layer of model.layers) {
    // A sequential model does not count its input among its layers.
    if (model.kind === 'sequential' && layer.className === 'InputLayer') continue;
    const base = toSnakeCase(layer.className);
    const use = used.get(base) ?? 0;
    used.set(base, use + 1);
    const path = `${prefix}${LAYERS}/${use === 0 ? base : `${base}_${use}`}`;
    paths.set(path, layer);
    if (layer.nested === null) continue;
    for (const [inner, found] of countLayers(layer.nested, `${path}/`)) paths.set(inner, found);
  }
  return paths;
}
