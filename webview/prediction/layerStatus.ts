import type { LockReason } from '../../src/core/model/model';
import type { LeftEnd } from '../../src/core/report/plan';
import type { Recipe } from '../../src/core/recipe/recipe';
import { matchesGlob } from '../../src/core/selection/layerGlob';
import type { LayerView } from '../../src/protocol/views';

/** Whether a layer takes part in the plan, and why not. */
export type LayerStatus =
  | { readonly kind: 'pruned' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'excluded'; readonly glob: string }
  | { readonly kind: 'notChosen' }
  /** Its units are the model's own outputs or inputs; a setting of its own prunes it all the same. */
  | { readonly kind: 'end'; readonly end: LeftEnd['end'] }
  | { readonly kind: 'never'; readonly reason: LockReason | null };

/** What of a recipe decides which layers take part. */
export type LayerRules = Pick<Recipe, 'lock' | 'exclude' | 'only'>;

/**
 * The status of each layer, in the given order. What the file forbids comes first, then the user's
 * lock, then the exclusions, then the ends that the plan leaves out.
 */
export function layerStatuses(
  layers: readonly LayerView[],
  rules: LayerRules,
  leftEnds: readonly LeftEnd[],
): readonly LayerStatus[] {
  const locked = new Set(rules.lock);
  const ends = new Map(leftEnds.map(({ tensor, end }) => [tensor, end]));
  return layers.map((layer) => {
    if (!layer.prunable || layer.weight === null) return { kind: 'never', reason: layer.lockedBy };
    if (locked.has(layer.name)) return { kind: 'locked' };
    const status = chosenStatus(layer.name, rules);
    const end = ends.get(layer.weight.name);
    return status.kind === 'pruned' && end !== undefined ? { kind: 'end', end } : status;
  });
}

function chosenStatus(name: string, { exclude, only }: LayerRules): LayerStatus {
  const glob = exclude.find((pattern) => matchesGlob(name, pattern));
  if (glob !== undefined) return { kind: 'excluded', glob };
  const isChosen = only.length === 0 || only.some((pattern) => matchesGlob(name, pattern));
  return { kind: isChosen ? 'pruned' : 'notChosen' };
}

/** Whether a layer is listed: one with weights that pruning could concern, be it locked or not. */
export function isListed(layer: LayerView): boolean {
  return layer.weight !== null && layer.lockedBy !== 'normalization';
}
