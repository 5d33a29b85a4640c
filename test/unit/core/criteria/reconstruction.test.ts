// Layer fc2 of digits_mlp at 50 %: expected masks, weights and errors from NumPy in float64
// (test/fixtures/oracles/pruning/digits_mlp.json, `reconstruction`), on the oracle's own inputs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastSquaresPrune, solveOnSupport } from '../../../../src/core/criteria/leastSquares';
import { obsPrune, obsScore } from '../../../../src/core/criteria/obs';
import { sparsegptPrune, sparsegptScore } from '../../../../src/core/criteria/sparsegpt';
import { dampedHessian, deadInputsOf } from '../../../../src/core/linearAlgebra/hessian';
import { finishSteps } from '../../../../src/core/linearAlgebra/inputProduct';
import {
  inputProductOf,
  keptDigest,
  outputError,
  readReconstructionArrays,
  readReconstructionOracle,
  type ReconstructedLayer,
  transposed,
  weightMatrixOf,
} from '../../../helpers/reconstructionOracle';
import { seededRandom } from '../../../helpers/random';

const INPUTS = 64;
const OUTPUTS = 64;
const options = { damping: 0.01, place: 'fc2' };

async function readCase() {
  const oracle = await readReconstructionOracle();
  const arrays = await readReconstructionArrays();
  const [samples, original] = [arrays.get('X')!, arrays.get('W')!];
  return {
    oracle,
    arrays,
    samples,
    original,
    weights: weightMatrixOf(original, INPUTS),
    product: inputProductOf(samples, INPUTS),
  };
}

function assertNear(found: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(found - expected) <= 1e-6 * Math.abs(expected),
    `${what}: ${found} for ${expected}`,
  );
}

function assertLayer(
  found: Float64Array,
  expected: ReconstructedLayer,
  { samples, original }: { readonly samples: Float64Array; readonly original: Float64Array },
): void {
  const weights = transposed(found, INPUTS, OUTPUTS);
  assert.equal(weights.filter((weight) => weight === 0).length, expected.pruned, 'pruned');
  assert.equal(keptDigest(weights), expected.mask_sha256, 'mask');
  assertNear(outputError(samples, original, weights, INPUTS), expected.mse, 'mse');
}

test('the damped Hessian and its dead inputs are the oracle’s', async () => {
  const { oracle, product } = await readCase();
  assert.deepEqual(deadInputsOf(product), oracle.dead_inputs);
  const bare = dampedHessian(product, { damping: 0, over: 'mean' });
  const damped = dampedHessian(product, { damping: 0.01, over: 'mean' });
  for (let i = 0; i < INPUTS; i++) {
    assertNear(damped[i * (INPUTS + 1)]! - bare[i * (INPUTS + 1)]!, oracle.lam, 'lam');
  }
});

test('sparsegpt removes and updates what the published procedure does, in blocks of 128 and of 16', async () => {
  const read = await readCase();
  for (const blockSize of [128, 16]) {
    const target = { kind: 'share', share: read.oracle.amount } as const;
    const steps = sparsegptPrune(read.weights, read.product, { ...options, blockSize, target });
    const expected =
      blockSize === 16 ? read.oracle.sparsegpt_block16 : read.oracle.sparsegpt_block128;
    assertLayer(finishSteps(steps), expected, read);
  }
});

test('obs removes and updates exactly what optimal brain compression does', async () => {
  const read = await readCase();
  const steps = obsPrune(read.weights, read.product, { ...options, sparsity: read.oracle.amount });
  const found = finishSteps(steps);
  assertLayer(found, read.oracle.obs_exact_per_row, read);
  const weights = transposed(found, INPUTS, OUTPUTS);
  read.arrays.get('W_obs')!.forEach((expected, i) => {
    assert.ok(Math.abs(weights[i]! - expected) <= 1e-6, `weight ${i}`);
  });
});

test('least squares on a mask gives the oracle’s weights', async () => {
  const read = await readCase();
  const kept = transposed(read.arrays.get('mask_mag')!, OUTPUTS, INPUTS);
  const flags = Uint8Array.from(kept, (keep) => (keep === 0 ? 1 : 0));
  const found = finishSteps(solveOnSupport(read.weights, read.product, { ...options, flags }));
  assertLeastSquares(found, read);
});

test('the least-squares criterion chooses the oracle’s mask by itself', async () => {
  const read = await readCase();
  const found = finishSteps(
    leastSquaresPrune(read.weights, read.product, { ...options, sparsity: read.oracle.amount }),
  );
  assertLeastSquares(found, read);
  const weights = transposed(found, INPUTS, OUTPUTS);
  assert.equal(keptDigest(weights), read.oracle.magnitude_per_row.mask_sha256);
});

function assertLeastSquares(
  found: Float64Array,
  { oracle, arrays, samples, original }: Awaited<ReturnType<typeof readCase>>,
): void {
  const expected = oracle.least_squares_on_magnitude_per_row_mask;
  const weights = transposed(found, INPUTS, OUTPUTS);
  arrays.get('W_ls')!.forEach((wanted, i) => {
    assert.ok(Math.abs(weights[i]! - wanted) <= 1e-9, `weight ${i}: ${weights[i]} for ${wanted}`);
  });
  assertNear(outputError(samples, original, weights, INPUTS), expected.mse, 'mse');
  assertNear(Math.hypot(...weights), expected.l2, 'l2');
}

test('obs on the mask of obs changes nothing more: its weights are the least-squares ones', async () => {
  const { weights, product } = await readCase();
  const found = finishSteps(obsPrune(weights, product, { ...options, sparsity: 0.7 }));
  const flags = Uint8Array.from(found, (weight) => (weight === 0 ? 1 : 0));
  const solved = finishSteps(solveOnSupport(weights, product, { ...options, flags }));
  found.forEach((weight, i) => {
    assert.ok(Math.abs(weight - solved[i]!) <= 1e-8, `weight ${i}: ${weight} for ${solved[i]}`);
  });
});

test('a score of obs is what the damped error grows by without that weight, the others solved for', async () => {
  const { weights, product } = await readCase();
  const scores = obsScore(weights, product, options);
  const hessian = dampedHessian(product, { damping: options.damping, over: 'mean' });
  for (const [input, output] of [
    [0, 0],
    [5, 17],
    [29, 3],
    [63, 63],
  ] as const) {
    const index = input * OUTPUTS + output;
    const flags = new Uint8Array(weights.values.length);
    flags[index] = 1;
    const solved = finishSteps(solveOnSupport(weights, product, { ...options, flags }));
    const change = Float64Array.from({ length: INPUTS }, (_, i) => {
      const at = i * OUTPUTS + output;
      return solved[at]! - weights.values[at]!;
    });
    let grown = 0;
    change.forEach((a, i) =>
      change.forEach((b, j) => (grown += (a * b * hessian[i * INPUTS + j]!) / 2)),
    );
    assert.ok(
      Math.abs(scores[index]! - grown) <= 1e-9 * Math.max(grown, 1e-6),
      `${input}, ${output}`,
    );
  }
});

test('scores of sparsegpt are 0 for the weights of inputs that never are active, and for no others', async () => {
  const { weights, product, oracle } = await readCase();
  const scores = sparsegptScore(weights, product, options);
  const silent = Array.from({ length: INPUTS }, (_, i) => i).filter((input) =>
    scores.subarray(input * OUTPUTS, (input + 1) * OUTPUTS).every((score) => score === 0),
  );
  assert.deepEqual(silent, oracle.dead_inputs);
});

test('sparsegpt keeps exactly N weights of each group of M inputs, and does better than leaving the rest as it is', () => {
  const random = seededRandom(4);
  const [inputs, outputs] = [36, 10];
  const samples = Float64Array.from({ length: 200 * inputs }, () => random() - 0.3);
  const original = Float64Array.from({ length: inputs * outputs }, () => random() - 0.5);
  const weights = weightMatrixOf(original, inputs);
  const target = { kind: 'groups', keep: 2, group: 4 } as const;
  const found = finishSteps(
    sparsegptPrune(weights, inputProductOf(samples, inputs), { ...options, blockSize: 16, target }),
  );
  const pruned = transposed(found, inputs, outputs);
  for (let at = 0; at < pruned.length; at += 4) {
    assert.equal(pruned.slice(at, at + 4).filter((weight) => weight === 0).length, 2);
  }
  const masked = original.map((weight, i) => (pruned[i] === 0 ? 0 : weight));
  assert.ok(
    outputError(samples, original, pruned, inputs) < outputError(samples, original, masked, inputs),
  );
});

test('a target of nothing leaves every weight as it is', async () => {
  const { weights, product } = await readCase();
  const target = { kind: 'share', share: 0 } as const;
  const runs = [
    sparsegptPrune(weights, product, { ...options, blockSize: 128, target }),
    obsPrune(weights, product, { ...options, sparsity: 0 }),
    leastSquaresPrune(weights, product, { ...options, sparsity: 0 }),
  ];
  for (const run of runs) assert.deepEqual(finishSteps(run), weights.values);
});
