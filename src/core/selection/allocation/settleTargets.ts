import { lowestByLamp } from '../lamp/lowestByLamp';
import { elementsOf, type PrunedTensor } from '../prunableTensors';
import { roundHalfEven } from '../roundHalfEven';
import { magnitudeScores } from '../scoreTensor';
import type { LowestOfTensor } from '../selection';
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
  const byMagnitude = new Map<string, LowestOfTensor>();
  const shareOut = shareOutOf(job, byMagnitude);
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
    open.map(({ tensor: { name } }, i): [string, LayerTarget] => {
      const count = counts[i] ?? 0;
      const known = byMagnitude.get(name);
      const isKnown = known?.selectedCount === count;
      return [name, { kind: 'count', count, ...(isKnown ? { byMagnitude: known } : {}) }];
    }),
  );
}

/** @param byMagnitude is told which weights the last shares are, where sharing out looks at magnitudes */
function shareOutOf(
  { model, recipe, curves, onChunk }: AllocationJob,
  byMagnitude: Map<string, LowestOfTensor>,
): ShareOut | null {
  const { allocation = 'uniform' } = recipe;
  switch (allocation) {
    case 'uniform-plus':
      return (tensors, total) => uniformPlusCounts(tensors.map(allocated), total);
    case 'erk':
      return (tensors, total) => erkCounts(tensors.map(allocated), total);
    case 'lamp':
      return async (given, total) => {
        const tensors = given.map(({ tensor }) => tensor);
        const target: LayerTarget = { kind: 'count', count: total };
        const lowest = await lowestByLamp(model, tensors, target, onChunk);
        return lowest.tensors.map((one, i) => {
          byMagnitude.set(tensors[i]?.name ?? '', one);
          return one.selectedCount;
        });
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
