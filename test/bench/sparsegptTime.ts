// SparseGPT of one layer from its inputs on: X X^T, the factor of its inverse, the sweep.
import { sparsegptPrune } from '../../src/core/criteria/sparsegpt';
import { finishSteps } from '../../src/core/linearAlgebra/inputProduct';
import { ProductSum } from '../../src/engines/scoring/productSum';
import { seededRandom } from '../helpers/random';

/** Vectors that come from the engine at once. */
const BATCH = 128;

/** Seconds for a square layer at 50 %, the best of three. */
export function timeSparsegpt(size: number, sampleCount: number): number {
  const random = seededRandom(1);
  const values = Float64Array.from({ length: size * size }, () => random() - 0.5);
  const samples = Float32Array.from({ length: sampleCount * size }, () => random() - 0.5);
  let best = Infinity;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    const product = collect(samples, size);
    const target = { kind: 'share', share: 0.5 } as const;
    const options = { target, blockSize: 128, damping: 0.01, place: 'layer' };
    finishSteps(sparsegptPrune({ inputs: size, outputs: size, values }, product, options));
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

function collect(samples: Float32Array, size: number) {
  const sum = new ProductSum(size);
  const columns = Int32Array.from({ length: size }, (_, i) => i);
  const rows = Int32Array.from({ length: BATCH }, (_, i) => i * size);
  for (let at = 0; at < samples.length; at += BATCH * size) {
    sum.add({ values: samples.subarray(at, at + BATCH * size), rows, columns }, 1);
  }
  return sum.finish();
}
