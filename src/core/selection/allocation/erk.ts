import { type AllocatedLayer, weightsOf } from './allocatedLayer';
import { roundToTotal } from './roundToTotal';

/**
 * Erdos-Renyi kernel: a layer's density is in proportion to the sum of its weight's axes over their product,
 * `(in + out + height + width) / (in * out * height * width)`, so that small layers stay dense. Layers whose
 * density would exceed 1 stay dense, and the factor is found again for the rest. The total is exact.
 * Cost: O(layers^2) at worst. Source: Evci et al., Rigging the lottery: making all tickets winners, 2020;
 * for rank 2: Mocanu et al., 2018.
 */
export function erkCounts(layers: readonly AllocatedLayer[], total: number): readonly number[] {
  const densities = erkDensities(layers, weightsOf(layers) - total);
  const shares = layers.map(({ elementCount }, i) => elementCount * (1 - (densities[i] ?? 1)));
  const limits = layers.map(({ elementCount }) => elementCount);
  return roundToTotal(shares, limits, total);
}

/** The share of each layer's weights that stays, such that `kept` stay in all. */
export function erkDensities(layers: readonly AllocatedLayer[], kept: number): readonly number[] {
  const raw = layers.map(rawDensity);
  const dense = new Set<number>();
  for (;;) {
    const factor = factorOf(layers, kept, { raw, dense });
    const over = layers.flatMap((_, i) => (!dense.has(i) && factor * (raw[i] ?? 0) > 1 ? [i] : []));
    if (over.length === 0) {
      return layers.map((_, i) => (dense.has(i) ? 1 : factor * (raw[i] ?? 0)));
    }
    for (const i of over) dense.add(i);
  }
}

interface DenseLayers {
  readonly raw: readonly number[];
  /** Indices of the layers that stay dense. */
  readonly dense: ReadonlySet<number>;
}

/** The paper's epsilon: what the others' raw densities are multiplied by. */
function factorOf(
  layers: readonly AllocatedLayer[],
  kept: number,
  { raw, dense }: DenseLayers,
): number {
  let left = kept;
  let weighted = 0;
  for (const [i, { elementCount }] of layers.entries()) {
    if (dense.has(i)) left -= elementCount;
    else weighted += (raw[i] ?? 0) * elementCount;
  }
  return weighted === 0 ? 0 : Math.max(0, left) / weighted;
}

function rawDensity({ shape, elementCount }: AllocatedLayer): number {
  if (elementCount === 0) return 0;
  return shape.reduce((sum, size) => sum + size, 0) / elementCount;
}
