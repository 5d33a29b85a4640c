import {
  dampedInPlace,
  NETWORK_DAMPING,
  networkObsScore,
  removeByNetworkObs,
  type RemovalQuotas,
} from '../../core/criteria/networkObs';
import type { ReconstructTarget } from '../../core/criteria/scoringPort';
import { UnsupportedError } from '../../core/errors';
import { maskBit } from '../../core/kernels/maskBit';
import {
  factorOfInverse,
  inverseDiagonal,
  invertSymmetric,
} from '../../core/linearAlgebra/cholesky';
import type { TensorEntry } from '../../core/model/model';
import { roundHalfEven } from '../../core/selection/roundHalfEven';
import { gaussNewtonMatrix } from './gradientMatrix';
import { weightsOf } from './gradientSums';
import { runSteps } from './runSteps';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { trainedTensors } from './trainedTensors';

/** Whose matrix it is, in messages. */
const PLACE = 'the whole network';

/** Saliencies of the weights when all parameters of the network, biases too, make up for each. */
export async function* networkObsScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const tensors = [...new Set([...run.tensors, ...trainedTensors(run)])];
  const { matrix, theta, size } = await networkHessian(run, tensors);
  const diagonal = inverseDiagonal(factorOfInverse(matrix, size, PLACE), size);
  const saliencies = networkObsScore(theta, diagonal);
  let at = 0;
  for (const { name, shape, elementCount } of run.tensors) {
    yield { name, shape, values: saliencies.slice(at, at + elementCount) };
    at += elementCount;
  }
}

/**
 * New weights of all tensors, zero where one goes: one after the other, the weights of all layers that stay being
 * updated together. What else the network has (biases, other layers) stays as it is, because a plan changes weights.
 * @param targets in the order of the run's tensors
 */
export async function* networkObsWeights(
  run: ScoringRun,
  targets: readonly ReconstructTarget[],
): AsyncGenerator<ScoredArray> {
  const { tensors, control } = run;
  const { matrix, theta, size } = await networkHessian(run, tensors);
  const inverse = invertSymmetric(matrix, size, PLACE);
  const steps = removeByNetworkObs(theta, inverse, quotasOf(tensors, targets, size));
  await runSteps(steps, control, PLACE);
  let at = 0;
  for (const { name, shape, elementCount } of tensors) {
    yield { name, shape, values: theta.slice(at, at + elementCount) };
    at += elementCount;
  }
}

async function networkHessian(
  run: ScoringRun,
  tensors: readonly TensorEntry[],
): Promise<{ readonly matrix: Float64Array; readonly theta: Float64Array; readonly size: number }> {
  const { size, values } = await gaussNewtonMatrix(run, tensors);
  const matrix = dampedInPlace(values, size, run.request.options.damping ?? NETWORK_DAMPING);
  const theta = new Float64Array(size);
  let at = 0;
  for (const { name, elementCount } of tensors) {
    theta.set(await weightsOf(run, name), at);
    at += elementCount;
  }
  return { matrix, theta, size };
}

/** A quota for each tensor: the weights that a mask names, or a share of all. */
function quotasOf(
  tensors: readonly TensorEntry[],
  targets: readonly ReconstructTarget[],
  size: number,
): RemovalQuotas {
  const quotaOf = new Int32Array(size).fill(-1);
  const counts: number[] = [];
  let at = 0;
  tensors.forEach(({ name, elementCount }, quota) => {
    const target = targets[quota];
    if (target === undefined) throw new Error(`${name} has no target`);
    if (target.kind === 'groups') throw withoutGroups();
    let named = 0;
    for (let i = 0; i < elementCount; i++) {
      const mayGo = target.kind === 'sparsity' || maskBit(target.mask, i);
      if (!mayGo) continue;
      quotaOf[at + i] = quota;
      named++;
    }
    counts.push(target.kind === 'sparsity' ? roundHalfEven(target.sparsity * elementCount) : named);
    at += elementCount;
  });
  return { quotaOf, counts };
}

function withoutGroups(): UnsupportedError {
  return new UnsupportedError({
    feature: 'criterion obs over the whole network',
    found: 'groups of weights of which some stay',
    supported: 'a share of the weights, or a mask',
  });
}
