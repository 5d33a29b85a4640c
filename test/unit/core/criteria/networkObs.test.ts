// The optimal brain surgeon over a whole network, as NumPy in float64 has it in the oracle of the iris network.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  dampedInPlace,
  networkObsScore,
  removeByNetworkObs,
} from '../../../../src/core/criteria/networkObs';
import { addOuterProductInPlace } from '../../../../src/core/kernels/networkObsKernel';
import {
  factorOfInverse,
  inverseDiagonal,
  invertSymmetric,
} from '../../../../src/core/linearAlgebra/cholesky';
import { finishSteps } from '../../../../src/core/linearAlgebra/inputProduct';
import { readOracle } from '../../../helpers/fixtures';
import { irisBatch } from '../../../helpers/irisBatch';

interface SurgeonOracle {
  readonly theta: readonly number[];
  readonly obs_gauss_newton: {
    readonly damping: number;
    readonly saliency: readonly number[];
    readonly inverse_diag: readonly number[];
    readonly first_pruned_index: number;
    readonly delta_w: readonly number[];
    readonly loss_after_update: number;
    readonly iterative20: {
      readonly order: readonly number[];
      readonly loss_after_each: readonly number[];
      readonly final_theta: readonly number[];
    };
  };
}

const SIZE = 67;
const [INPUTS, HIDDEN, OUTPUTS] = [4, 8, 3];

/** W1 [8, 4], b1, W2 [3, 8], b2, one after the other. */
const [B1, W2, B2] = [32, 40, 64];

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function forward(theta: Float64Array, x: ArrayLike<number>) {
  const hidden = Array.from({ length: HIDDEN }, (_, j) => {
    let sum = theta[B1 + j]!;
    for (let i = 0; i < INPUTS; i++) sum += theta[j * INPUTS + i]! * x[i]!;
    return sigmoid(sum);
  });
  const outputs = Array.from({ length: OUTPUTS }, (_, k) => {
    let sum = theta[B2 + k]!;
    hidden.forEach((h, j) => (sum += theta[W2 + k * HIDDEN + j]! * h));
    return sigmoid(sum);
  });
  return { hidden, outputs };
}

/** d f_k / d theta of one sample. */
function derivatives(theta: Float64Array, x: ArrayLike<number>, k: number): Float64Array {
  const { hidden, outputs } = forward(theta, x);
  const slope = outputs[k]! * (1 - outputs[k]!);
  const found = new Float64Array(SIZE);
  found[B2 + k] = slope;
  hidden.forEach((h, j) => {
    found[W2 + k * HIDDEN + j] = slope * h;
    const back = slope * theta[W2 + k * HIDDEN + j]! * h * (1 - h);
    found[B1 + j] = back;
    for (let i = 0; i < INPUTS; i++) found[j * INPUTS + i] = back * x[i]!;
  });
  return found;
}

async function irisSurgeon() {
  const { obd_obs: oracle } = (await readOracle('pruning/iris_mlp')) as {
    readonly obd_obs: SurgeonOracle;
  };
  const rows = await irisBatch(64);
  const theta = Float64Array.from(oracle.theta);
  const values = new Float64Array(SIZE * SIZE);
  const scale = Math.sqrt(2 / (rows.length * OUTPUTS));
  for (const { x } of rows) {
    for (let k = 0; k < OUTPUTS; k++) {
      addOuterProductInPlace(
        values,
        derivatives(theta, x, k).map((slope) => slope * scale),
      );
    }
  }
  const hessian = dampedInPlace(values, SIZE, oracle.obs_gauss_newton.damping);
  const lossOf = (at: Float64Array): number => {
    let sum = 0;
    for (const { x, label } of rows) {
      forward(at, x).outputs.forEach((y, k) => (sum += (y - Number(k === label)) ** 2));
    }
    return sum / (rows.length * OUTPUTS);
  };
  return { oracle: oracle.obs_gauss_newton, theta, hessian, lossOf };
}

function assertNear(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  expected.forEach((value, i) => {
    const difference = Math.abs(found[i]! - value);
    const allowed = Math.max(1e-6 * Math.abs(value), 1e-9 * largest);
    assert.ok(difference <= allowed, `${what} ${i}: ${found[i]} for ${value}`);
  });
}

test('finds the saliencies of all parameters by the inverse Hessian', async () => {
  const { oracle, theta, hessian } = await irisSurgeon();
  const diagonal = inverseDiagonal(factorOfInverse(hessian, SIZE, 'the network'), SIZE);
  assertNear(diagonal, oracle.inverse_diag, 'inverse');
  const saliencies = networkObsScore(theta, diagonal);
  assertNear(saliencies, oracle.saliency, 'saliency');
  const least = saliencies.indexOf(Math.min(...saliencies));
  assert.equal(least, oracle.first_pruned_index);
});

test('moves all other parameters when one goes', async () => {
  const { oracle, theta, hessian, lossOf } = await irisSurgeon();
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
  const { oracle, theta, hessian, lossOf } = await irisSurgeon();
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
