import type { Recipe } from '../../src/core/recipe/recipe';
import { parseGranularity } from '../../src/core/selection/granularity';
import { omit } from './omit';

/**
 * How the target is given: a share of the weights; tau; tau and then alpha for whole units; standard
 * deviations of each layer; what remains of the multiply-accumulates, or of the packed size.
 */
export const TARGET_KINDS = [
  'sparsity',
  'threshold',
  'unitThreshold',
  'stdFactor',
  'macs',
  'maxBytes',
] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** The kind of target that a recipe has; null where its pattern or its mask says itself what goes. */
export function targetKind(recipe: Recipe): TargetKind | null {
  if (recipe.threshold !== undefined) {
    return recipe.unitThreshold === undefined ? 'threshold' : 'unitThreshold';
  }
  const kinds = ['stdFactor', 'macs', 'maxBytes'] as const;
  const kind = kinds.find((one) => recipe[one] !== undefined);
  return kind ?? (recipe.sparsity === undefined ? null : 'sparsity');
}

/** Prunes a share of the weights; another kind of target goes. */
export function withSparsity(recipe: Recipe, sparsity: number): Recipe {
  return { ...withoutTarget(recipe), sparsity };
}

/** Prunes up to a threshold, and then units whose rest is below `unitThreshold` unless it is null. */
export function withThreshold(
  recipe: Recipe,
  threshold: number,
  unitThreshold: number | null,
): Recipe {
  const rest = { ...withoutTarget(recipe), threshold };
  return unitThreshold === null ? rest : { ...rest, unitThreshold };
}

/** Prunes by a figure of one of the other kinds. */
export function withFigure(
  recipe: Recipe,
  kind: 'stdFactor' | 'macs' | 'maxBytes',
  value: number,
): Recipe {
  return { ...withoutTarget(recipe), [kind]: value };
}

/** Leaves what goes to the pattern or the mask where there is one. */
export function withoutTarget(recipe: Recipe): Recipe {
  return omit(recipe, ...TARGET_KINDS);
}

/** Whether a recipe needs no target: N of M, and a mask, say themselves what goes. */
export function saysItself({ granularity, mask }: Recipe): boolean {
  return mask !== undefined || parseGranularity(granularity)?.kind === 'n:m';
}

/** A recipe that must have a target gets a share of the weights where it has none. */
export function withSomeTarget(recipe: Recipe, share: number): Recipe {
  return targetKind(recipe) !== null || saysItself(recipe) ? recipe : withSparsity(recipe, share);
}

/** Whether the target is on the score itself, which another criterion counts in other units. */
export function isOnScore(recipe: Recipe): boolean {
  return recipe.threshold !== undefined || recipe.stdFactor !== undefined;
}
