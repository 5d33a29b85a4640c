import type { LockReason } from '../../core/model/model';
import type { Recipe } from '../../core/recipe/recipe';
import { matchesGlob } from '../../core/selection/layerGlob';
import type { LayerView } from '../../protocol/views';

/** Whether a layer takes part in a plan, and why not. */
export type LayerStatus =
  | { readonly kind: 'pruned' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'excluded'; readonly glob: string }
  | { readonly kind: 'notChosen' }
  | { readonly kind: 'never'; readonly reason: LockReason | null };

/** What the file forbids comes first, then the user's lock, then the recipe's globs. */
export function layerStatus(layer: LayerView, recipe: Recipe): LayerStatus {
  if (!layer.prunable || layer.weight === null) return { kind: 'never', reason: layer.lockedBy };
  if (recipe.lock.includes(layer.name)) return { kind: 'locked' };
  const glob = recipe.exclude.find((pattern) => matchesGlob(layer.name, pattern));
  if (glob !== undefined) return { kind: 'excluded', glob };
  const { only } = recipe;
  const chosen = only.length === 0 || only.some((pattern) => matchesGlob(layer.name, pattern));
  return chosen ? { kind: 'pruned' } : { kind: 'notChosen' };
}
