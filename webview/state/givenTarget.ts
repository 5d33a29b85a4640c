import type { Recipe } from '../../src/core/recipe/recipe';
import { patternSparsity } from './methodEdits';

/** What says by itself how much of a layer goes: a mask, or a pattern N:M with the share that it takes. */
export type GivenTarget =
  { readonly kind: 'mask' } | { readonly kind: 'pattern'; readonly share: number };

/** What leaves a layer without a target of its own; null where it can have one. */
export function givenTarget(
  { mask, granularity, layers }: Recipe,
  layer: string,
): GivenTarget | null {
  if (mask !== undefined) return { kind: 'mask' };
  const share = patternSparsity(layers[layer]?.granularity ?? granularity);
  return share === null ? null : { kind: 'pattern', share };
}
