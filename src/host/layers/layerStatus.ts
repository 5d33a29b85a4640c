import type { LockReason } from '../../core/model/model';
import type { Recipe } from '../../core/recipe/recipe';
import type { LeftEnd, Plan } from '../../core/report/plan';
import { matchesGlob } from '../../core/selection/layerGlob';
import type { LayerView } from '../../protocol/views';

/** Whether a layer takes part in a plan, and why not. */
export type LayerStatus =
  | { readonly kind: 'pruned' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'excluded'; readonly glob: string }
  | { readonly kind: 'notChosen' }
  /** Its units are the model's own outputs or inputs. */
  | { readonly kind: 'end'; readonly end: LeftEnd['end'] }
  | { readonly kind: 'never'; readonly reason: LockReason | null };

/**
 * What the file forbids comes first, then the user's lock, then the recipe's globs, then what the plan, where
 * there is one, leaves out for its place in the network.
 */
export function layerStatus(layer: LayerView, recipe: Recipe, plan?: Plan): LayerStatus {
  if (!layer.prunable || layer.weight === null) return { kind: 'never', reason: layer.lockedBy };
  if (recipe.lock.includes(layer.name)) return { kind: 'locked' };
  const glob = recipe.exclude.find((pattern) => matchesGlob(layer.name, pattern));
  if (glob !== undefined) return { kind: 'excluded', glob };
  const { only } = recipe;
  const chosen = only.length === 0 || only.some((pattern) => matchesGlob(layer.name, pattern));
  if (!chosen) return { kind: 'notChosen' };
  const end = plan?.leftEnds.find(({ tensor }) => tensor === layer.weight?.name)?.end;
  return end === undefined ? { kind: 'pruned' } : { kind: 'end', end };
}
