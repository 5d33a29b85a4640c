import type { LayerOperator } from '../../model/model';

/** What an allocation looks at in a layer: its weight. */
export interface AllocatedLayer {
  readonly operator: LayerOperator;
  /** Of the weight. */
  readonly shape: readonly number[];
  readonly elementCount: number;
}

/** Weights of all layers. */
export function weightsOf(layers: readonly AllocatedLayer[]): number {
  return layers.reduce((sum, { elementCount }) => sum + elementCount, 0);
}
