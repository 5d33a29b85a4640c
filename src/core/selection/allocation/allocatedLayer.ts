import type { LayerOperator } from '../../model/model';

/** What an allocation looks at in a layer: its weight. */
export interface AllocatedLayer {
  readonly operator: LayerOperator;
  /** Of the weight. */
  readonly shape: readonly number[];
  readonly elementCount: number;
}

/**
 * How many weights each of some layers loses.
 * @param layers in the model's order
 * @param total weights to remove in all, 0 to the layers' own
 * @returns one whole number a layer, 0 to its weights, `total` together as far as the method's own rules
 *   leave room
 */
export type AllocateCounts = (
  layers: readonly AllocatedLayer[],
  total: number,
) => readonly number[];

/** Weights of all layers. */
export function weightsOf(layers: readonly AllocatedLayer[]): number {
  return layers.reduce((sum, { elementCount }) => sum + elementCount, 0);
}
