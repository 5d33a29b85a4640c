import type { LowestOfTensor } from '../selection';

/**
 * What one tensor loses, settled before its weights are ranked: that many weights (those that are zero
 * already among them), or all with a score of at most a threshold.
 */
export type LayerTarget =
  | {
      readonly kind: 'count';
      readonly count: number;
      /** Which weights these are by their magnitudes, where sharing out has told it. */
      readonly byMagnitude?: LowestOfTensor;
    }
  | { readonly kind: 'threshold'; readonly threshold: number };

/** By tensor name. */
export type LayerTargets = ReadonlyMap<string, LayerTarget>;
