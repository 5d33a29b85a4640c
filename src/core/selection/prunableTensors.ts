import { UsageError } from '../errors';
import { describeJson } from '../formats/parseJson';
import type { Layer, Model, TensorEntry } from '../model/model';
import type { LayerSetting, Recipe } from '../recipe/recipe';
import { matchesGlob } from './layerGlob';

/** A tensor that a recipe prunes, with what is set for its layer alone. */
export interface PrunedTensor {
  readonly layer: Layer;
  readonly tensor: TensorEntry;
  readonly setting: LayerSetting;
  /** Its units are outputs of the model, of which the unit threshold takes none. */
  readonly givesOutputs?: true;
}

/**
 * The tensors that a recipe prunes, in layer order: prunable, chosen by `only`, and neither excluded
 * nor locked. A tensor shared by several layers is pruned once, with the first.
 * @throws UsageError when the recipe names a layer that the model does not have.
 */
export function prunableTensors(model: Model, recipe: Recipe): readonly PrunedTensor[] {
  assertLayersExist(model, recipe);
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const seen = new Set<string>();
  const pruned: PrunedTensor[] = [];
  for (const layer of model.layers) {
    const tensor = layer.weight === undefined ? undefined : byName.get(layer.weight);
    if (tensor === undefined || seen.has(tensor.name)) continue;
    if (!layer.prunable || !isChosen(layer.name, recipe)) continue;
    seen.add(tensor.name);
    const setting = Object.hasOwn(recipe.layers, layer.name)
      ? recipe.layers[layer.name]
      : undefined;
    pruned.push({ layer, tensor, setting: setting ?? {} });
  }
  return pruned;
}

/** The globs of `only` and `exclude` that no layer of the model matches: most likely a slip. */
export function unmatchedGlobs(model: Model, recipe: Recipe): readonly string[] {
  return [...recipe.only, ...recipe.exclude].filter(
    (glob) => !model.layers.some(({ name }) => matchesGlob(name, glob)),
  );
}

/** Whether a recipe's globs and locks leave a layer to be pruned. */
export function isChosen(layerName: string, recipe: Recipe): boolean {
  const matches = (glob: string): boolean => matchesGlob(layerName, glob);
  if (recipe.lock.includes(layerName) || recipe.exclude.some(matches)) return false;
  return recipe.only.length === 0 || recipe.only.some(matches);
}

function assertLayersExist(model: Model, recipe: Recipe): void {
  const names = new Set(model.layers.map((layer) => layer.name));
  for (const name of [...Object.keys(recipe.layers), ...recipe.lock]) {
    if (names.has(name)) continue;
    const known = [...names].slice(0, 8).join(', ');
    const more = names.size > 8 ? `, … (${names.size} in all)` : '';
    throw new UsageError(
      `the recipe names the layer ${describeJson(name)}, but the model's layers are ${known}${more}`,
    );
  }
}

/** Weights of all these tensors. */
export function elementsOf(tensors: readonly PrunedTensor[]): number {
  return tensors.reduce((sum, { tensor }) => sum + tensor.elementCount, 0);
}
