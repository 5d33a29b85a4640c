import { givenTarget } from '../state/givenTarget';
import { isBusy, currentRecipe } from '../state/panelState';
import {
  globOfName,
  withExcludedLayer,
  withLayerTarget,
  withLock,
  withoutLayerTarget,
} from '../state/recipeEdits';
import type { ListedLayer } from '../state/selectRows';
import { parseOverride } from '../state/parseOverride';
import type { Ui } from './ui';

/** Locks a layer as it is, or lets the plan have it again. */
export function toggleLock(ui: Ui, { layer, status }: ListedLayer): void {
  const recipe = currentRecipe(ui.state);
  if (recipe === null || status.kind === 'never') return;
  const locked = !recipe.lock.includes(layer.name);
  ui.dispatch({ type: 'change', recipe: withLock(recipe, layer.name, locked) });
}

/** Excludes a layer by name, or takes its name out of the exclusions. */
export function toggleExclusion(ui: Ui, { layer, status }: ListedLayer): void {
  const recipe = currentRecipe(ui.state);
  if (recipe === null || status.kind === 'never') return;
  const excluded = status.kind !== 'excluded';
  ui.dispatch({ type: 'change', recipe: withExcludedLayer(recipe, layer.name, excluded) });
}

/** Whether the layer's own name excludes it, so that it can be included again by itself. */
export function isExcludedByName({ layer, status }: ListedLayer): boolean {
  return status.kind === 'excluded' && status.glob === globOfName(layer.name);
}

/** Lets a layer follow the plan again. */
export function usePlan(ui: Ui, { layer }: ListedLayer): void {
  const recipe = currentRecipe(ui.state);
  if (recipe === null) return;
  ui.dispatch({ type: 'change', recipe: withoutLayerTarget(recipe, layer.name) });
}

/** Whether a layer can have a target of its own: with one, even what stands at an end is pruned. */
export function canOverride({ state }: Ui, { layer, status }: ListedLayer): boolean {
  const recipe = currentRecipe(state);
  const isOpen = status.kind === 'pruned' || status.kind === 'end';
  return isOpen && recipe !== null && givenTarget(recipe, layer.name) === null;
}

/** Opens the cell of a layer's override, where the layer can have one. */
export function editOverride(ui: Ui, row: ListedLayer): void {
  if (!canOverride(ui, row) || isBusy(ui.state)) return;
  ui.dispatch({ type: 'editOverride', layer: row.layer.name });
}

/** Takes the text of an override cell. False where it is not understood: nothing changes then. */
export function acceptOverride(ui: Ui, { layer }: ListedLayer, text: string): boolean {
  const recipe = currentRecipe(ui.state);
  const override = parseOverride(text);
  if (recipe === null || override.kind === 'invalid') return false;
  const { name } = layer;
  ui.dispatch({
    type: 'change',
    recipe:
      override.kind === 'none'
        ? withoutLayerTarget(recipe, name)
        : withLayerTarget(
            recipe,
            name,
            override.kind === 'sparsity'
              ? { sparsity: override.sparsity }
              : { threshold: override.threshold },
          ),
  });
  return true;
}
