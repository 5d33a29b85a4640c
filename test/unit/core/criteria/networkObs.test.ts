// The optimal brain surgeon over a whole network, as NumPy in float64 has it in the oracle of the iris network.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkObsScore, removeByNetworkObs } from '../../../../src/core/criteria/networkObs';
import {
  factorOfInverse,
  inverseDiagonal,
  invertSymmetric,
} from '../../../../src/core/linearAlgebra/cholesky';
import { finishSteps } from '../../../../src/core/linearAlgebra/inputProduct';
import { B1, B2, irisSurgeon, SURGEON_SIZE as SIZE, W2 } from '../../../helpers/irisSurgeon';

function assertNear(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  expected.forEach((value, i) => {
    const difference = Math.abs(found[i]! - value);
    const allowed = Math.max(1e-6 * Math.abs(value), 1e-9 * largest);
    assert.ok(difference <= allowed, `${what} ${i}: ${found[i]} for ${value}`);
  });
}

test('finds the saliencies of all parameters by the inverse Hessian', async () => {
  const {
    oracle: { obs_gauss_newton: oracle },
    theta,
    hessian,
  } = await irisSurgeon();
  const diagonal = inverseDiagonal(factorOfInverse(hessian, SIZE, 'the network'), SIZE);
  assertNear(diagonal, oracle.inverse_diag, 'inverse');
  const saliencies = networkObsScore(theta, diagonal);
  assertNear(saliencies, oracle.saliency, 'saliency');
  const least = saliencies.indexOf(Math.min(...saliencies));
  assert.equal(least, oracle.first_pruned_index);
});

test('moves all other parameters when one goes', async () => {
  const {
    oracle: { obs_gauss_newton: oracle },
    theta,
    hessian,
    lossOf,
  } = await irisSurgeon();
  const before = theta.slice();
  const inverse = invertSymmetric(hessian, SIZE, 'the network');
  const quotas = { quotaOf: new Int32Array(SIZE), counts: [1] };
  const { order } = finishSteps(removeByNetworkObs(theta, inverse, quotas));
  assert.deepEqual(order, [oracle.first_pruned_index]);
  const change = theta.map((value, i) => value - before[i]!);
  assertNear(change, oracle.delta_w, 'change');
  assertNear([lossOf(theta)], [oracle.loss_after_update], 'loss');
});

test('takes one parameter after the other as the inverse of what is left says', async () => {
  const {
    oracle: { obs_gauss_newton: oracle },
    theta,
    hessian,
    lossOf,
  } = await irisSurgeon();
  const { order: wanted, loss_after_each: losses, final_theta: final } = oracle.iterative20;
  const inverse = invertSymmetric(hessian, SIZE, 'the network');
  const quotas = { quotaOf: new Int32Array(SIZE), counts: [wanted.length] };
  const steps = removeByNetworkObs(theta, inverse, quotas);
  const found: number[] = [];
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) found.push(lossOf(theta));
  assert.deepEqual(step.value.order, wanted);
  assertNear(found, losses, 'loss');
  assertNear(theta, final, 'parameter');
  assert.deepEqual(
    wanted.map((index) => theta[index]),
    wanted.map(() => 0),
  );
});

test('leaves parameters without a quota, but updates them', async () => {
  const { theta, hessian } = await irisSurgeon();
  const before = theta.slice();
  const inverse = invertSymmetric(hessian, SIZE, 'the network');
  const quotaOf = Int32Array.from(theta, (_, i) => (i < B1 ? 0 : i >= W2 && i < B2 ? 1 : -1));
  const { order } = finishSteps(removeByNetworkObs(theta, inverse, { quotaOf, counts: [16, 3] }));
  assert.equal(order.length, 19);
  assert.equal(order.filter((index) => index < B1).length, 16);
  assert.equal(order.filter((index) => index >= W2 && index < B2).length, 3);
  for (let i = B1; i < W2; i++) assert.notEqual(theta[i], before[i]);
});
