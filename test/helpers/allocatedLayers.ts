import type { LayerOperator } from '../../src/core/model/model';
import type { AllocatedLayer } from '../../src/core/selection/allocation/allocatedLayer';

/** A layer with a weight of this shape: a convolution where it has four axes. */
export function layerOf(
  shape: readonly number[],
  operator: LayerOperator = shape.length === 4 ? 'conv2d' : 'dense',
): AllocatedLayer {
  return { operator, shape, elementCount: shape.reduce((a, b) => a * b) };
}

/** One to eight dense and convolution layers of all sizes. */
export function randomLayers(random: () => number): readonly AllocatedLayer[] {
  const size = (most: number): number => 1 + Math.floor(most ** random());
  return Array.from({ length: 1 + Math.floor(8 * random()) }, () =>
    layerOf(random() < 0.5 ? [size(64), size(64), size(3), size(3)] : [size(200), size(200)]),
  );
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
