import type { LayerOperator } from '../../model/model';
import { type AllocatedLayer, weightsOf } from './allocatedLayer';
import { roundToTotal } from './roundToTotal';

/** The last dense layer loses at most this share of its weights. */
const LAST_DENSE_SPARSITY = 0.8;

const CONVOLUTIONS: readonly LayerOperator[] = [
  'conv1d',
  'conv2d',
  'conv3d',
  'depthwiseConv2d',
  'convTranspose',
];

/**
 * Uniform, but the first convolution stays dense and the last dense layer keeps a fifth; the others are
 * pruned alike, so much that the total is met. A network without convolutions has no first one. Where even
 * all other weights do not suffice, fewer go.
 * Source: Gale, Elsen and Hooker, The state of sparsity in deep neural networks, 2019, section 5.2.
 */
export function uniformPlusCounts(
  layers: readonly AllocatedLayer[],
  total: number,
): readonly number[] {
  const first = layers.findIndex(({ operator }) => CONVOLUTIONS.includes(operator));
  const last = layers.findLastIndex(({ operator }) => operator === 'dense');
  const largest = layers.map((_, i) => {
    if (i === first) return 0;
    return i === last ? LAST_DENSE_SPARSITY : 1;
  });
  const limits = layers.map(({ elementCount }, i) => Math.floor(elementCount * (largest[i] ?? 1)));
  const wanted = Math.min(
    total,
    limits.reduce((sum, limit) => sum + limit, 0),
  );
  const sparsity = levelWithin(layers, limits, wanted);
  const shares = layers.map(({ elementCount }, i) =>
    Math.min(limits[i] ?? 0, sparsity * elementCount),
  );
  return roundToTotal(shares, limits, wanted);
}

/** The one sparsity that removes `wanted` weights from the layers that it leaves within their limits. */
function levelWithin(
  layers: readonly AllocatedLayer[],
  limits: readonly number[],
  wanted: number,
): number {
  let open = layers.map((layer, i) => ({ layer, limit: limits[i] ?? 0 }));
  let left = wanted;
  for (;;) {
    const weights = weightsOf(open.map(({ layer }) => layer));
    const sparsity = weights === 0 ? 0 : left / weights;
    const full = open.filter(({ layer, limit }) => sparsity * layer.elementCount > limit);
    if (full.length === 0) return sparsity;
    left -= full.reduce((sum, { limit }) => sum + limit, 0);
    open = open.filter((one) => !full.includes(one));
  }
}
