import type { LayerTarget } from './allocation/layerTarget';
import type { PlanJob } from './planJob';
import type { PrunedTensor } from './prunableTensors';

/** What is asked of one tensor, or of tensors that are compared with each other. */
export type OwnTarget =
  /** Everything with a score of at most this goes. */
  | { readonly kind: 'threshold'; readonly threshold: number }
  /** This share goes, 0 to 1. */
  | { readonly kind: 'share'; readonly share: number };

/** The target of a tensor by itself: the allocation's, its layer's own, or the recipe's. */
export function ownTarget({ recipe, targets }: PlanJob, one: PrunedTensor): OwnTarget {
  const { setting, tensor } = one;
  const settled = targets?.get(tensor.name);
  if (settled !== undefined) return shareOf(settled, tensor.elementCount);
  if (setting.sparsity !== undefined) return { kind: 'share', share: setting.sparsity };
  const threshold = setting.threshold ?? recipe.threshold;
  if (threshold !== undefined) return { kind: 'threshold', threshold };
  return { kind: 'share', share: recipe.sparsity ?? 0 };
}

function shareOf(target: LayerTarget, elementCount: number): OwnTarget {
  return target.kind === 'threshold'
    ? target
    : { kind: 'share', share: target.count / Math.max(1, elementCount) };
}

/** Whether a tensor's target is not the recipe's. */
export function hasOwnTarget({ targets }: PlanJob, { setting, tensor }: PrunedTensor): boolean {
  const ofLayer = setting.sparsity !== undefined || setting.threshold !== undefined;
  return ofLayer || targets?.has(tensor.name) === true;
}

/** Whether tensors of the recipe's granularity are ranked together, over the whole model. */
export function isPooled({ recipe }: PlanJob): boolean {
  return recipe.scope === 'global' && recipe.threshold === undefined;
}
