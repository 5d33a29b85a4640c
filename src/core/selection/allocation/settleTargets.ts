import { lampSharing } from '../lamp/lampSharing';
import { elementsOf, type PrunedTensor } from '../prunableTensors';
import { roundHalfEven } from '../roundHalfEven';
import { magnitudeScores } from '../scoreTensor';
import { selectTensors } from '../selectTensors';
import type { AllocatedLayer } from './allocatedLayer';
import type { AllocationJob } from './allocationJob';
import { atLeast } from './atLeast';
import { countsWithin, type ShareOut } from './countsWithin';
import { erkCounts } from './erk';
import { isSettled, mostOf } from './layerMaximum';
import type { LayerTarget, LayerTargets } from './layerTarget';
import { sensitivityCounts } from './sensitivityCounts';
import { stdTargets } from './stdTargets';
import { uniformPlusCounts } from './uniformPlus';

/**
 * What each tensor loses by the recipe's allocation, or q of `std`; empty where scope and scores alone tell.
 * What layers with a target of their own lose counts towards the total; the others share out the rest.
 */
export async function settleTargets(
  job: AllocationJob,
  tensors: readonly PrunedTensor[],
): Promise<LayerTargets> {
  const { model, recipe, onChunk } = job;
  if (recipe.stdFactor !== undefined) {
    const weights = magnitudeScores(
      model,
      tensors.map(({ tensor }) => tensor),
    );
    return stdTargets(tensors, weights, { factor: recipe.stdFactor, onChunk });
  }
  const shareOut = shareOutOf(job);
  if (shareOut === null) return new Map();
  const open = tensors.filter((one) => !isSettled(one));
  const total = roundHalfEven((recipe.sparsity ?? 0) * elementsOf(tensors));
  const left = total - (await takenBySettled(job, tensors));
  const shared = await countsWithin(open, left, shareOut, (one) => mostOf(recipe, one));
  const counts = atLeast(
    shared,
    open.map(({ tensor }) => job.least?.get(tensor.name) ?? 0),
  );
  return new Map(
    open.map(({ tensor }, i): [string, LayerTarget] => [
      tensor.name,
      { kind: 'count', count: counts[i] ?? 0 },
    ]),
  );
}

function shareOutOf({ model, recipe, curves, onChunk }: AllocationJob): ShareOut | null {
  const { allocation = 'uniform' } = recipe;
  switch (allocation) {
    case 'uniform-plus':
      return (tensors, total) => uniformPlusCounts(tensors.map(allocated), total);
    case 'erk':
      return (tensors, total) => erkCounts(tensors.map(allocated), total);
    case 'lamp':
      return async (given, total) => {
        const tensors = given.map(({ tensor }) => tensor);
        return (await lampSharing(model).smallest(tensors, total, onChunk)).counts;
      };
    case 'sensitivity':
      return async (tensors, total) => {
        const byTensor = new Map((await curves()).map((curve) => [curve.tensor, curve]));
        const own = tensors.map(
          ({ tensor: { name } }) => byTensor.get(name) ?? { tensor: name, points: [] },
        );
        return sensitivityCounts(tensors.map(allocated), own, total);
      };
    case 'uniform':
      return null;
  }
}

function allocated({ layer, tensor }: PrunedTensor): AllocatedLayer {
  return { operator: layer.operator, shape: tensor.shape, elementCount: tensor.elementCount };
}

/** How many weights go from the layers with a target of their own. */
async function takenBySettled(
  job: AllocationJob,
  tensors: readonly PrunedTensor[],
): Promise<number> {
  const settled = tensors.filter(isSettled);
  if (settled.length === 0) return 0;
  const { selected } = await selectTensors(job, settled);
  return selected.reduce((sum, { selectedCount }) => sum + selectedCount, 0);
}
