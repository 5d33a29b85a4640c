import { addMomentsInPlace, emptyMoments } from '../../kernels/momentsKernel';
import type { PrunedTensor } from '../prunableTensors';
import type { ScoreTensor } from '../scoreTensor';
import type { OnChunk } from '../selection';
import type { LayerTarget } from './layerTarget';

/**
 * tau of each layer as q standard deviations of its weights: the population's, of the finite ones. One pass.
 * Source: Han et al., Learning both weights and connections for efficient neural networks, 2015.
 * @param weights of the tensors, in their order
 * @returns by tensor name; layers with a target of their own are left out
 */
export async function stdTargets(
  tensors: readonly PrunedTensor[],
  weights: readonly ScoreTensor[],
  { factor, onChunk }: { readonly factor: number; readonly onChunk: OnChunk },
): Promise<Map<string, LayerTarget>> {
  const targets = new Map<string, LayerTarget>();
  for (const [i, { tensor, setting }] of tensors.entries()) {
    const weight = weights[i];
    if (weight === undefined || hasOwnTarget(setting)) continue;
    const moments = emptyMoments();
    for await (const { scores } of weight.chunks()) {
      addMomentsInPlace(moments, scores);
      onChunk(scores.length);
    }
    const variance = moments.count === 0 ? 0 : moments.squaredDeviations / moments.count;
    targets.set(tensor.name, { kind: 'threshold', threshold: factor * Math.sqrt(variance) });
  }
  return targets;
}

function hasOwnTarget({ sparsity, threshold }: PrunedTensor['setting']): boolean {
  return sparsity !== undefined || threshold !== undefined;
}
