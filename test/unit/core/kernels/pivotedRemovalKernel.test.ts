import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeWeights } from '../../../../src/core/kernels/pivotedRemovalKernel';
import { makeRemovalRoom } from '../../../../src/core/kernels/removalState';
import { invertSymmetric } from '../../../../src/core/linearAlgebra/cholesky';
import { seededRandom } from '../../../helpers/random';

/** The inverse of X X^T + I over inputs of which neighbours are alike. */
function inverseOfAlike(size: number, random: () => number): Float64Array {
  const hessian = new Float64Array(size * size);
  for (let i = 0; i < size; i++) hessian[i * (size + 1)] = 1;
  for (let sample = 0; sample < 2 * size; sample++) {
    let last = 0;
    const x = Float64Array.from({ length: size }, () => (last = 0.8 * last + random() - 0.5));
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) hessian[i * size + j]! += x[i]! * x[j]!;
    }
  }
  return invertSymmetric(hessian, size, 'test');
}

/** By the definition, with the whole H^-1 brought down after each removal. */
function removedOneByOne(weights: Float64Array, inverse: Float64Array, count: number): number[] {
  const size = weights.length;
  const order: number[] = [];
  for (let step = 0; step < count; step++) {
    const left = [...weights.keys()].filter((j) => !order.includes(j));
    const score = (j: number): number => weights[j]! ** 2 / inverse[j * (size + 1)]!;
    const q = left.reduce((best, j) => (score(j) < score(best) ? j : best));
    const column = inverse.slice(q * size, (q + 1) * size);
    const share = weights[q]! / column[q]!;
    for (let i = 0; i < size; i++) {
      weights[i]! -= share * column[i]!;
      for (let j = 0; j < size; j++) {
        inverse[i * size + j]! -= (column[i]! * column[j]!) / column[q]!;
      }
    }
    order.push(q);
  }
  for (const q of order) weights[q] = 0;
  return order;
}

for (const size of [1, 7, 40, 190]) {
  for (const share of [0.3, 0.9, 1]) {
    test(`removes ${share} of ${size} weights as bringing down H^-1 one by one does`, () => {
      const random = seededRandom(size);
      const inverse = inverseOfAlike(size, random);
      const weights = Float64Array.from({ length: size }, () => random() - 0.5);
      const count = Math.round(share * size);
      const expected = weights.slice();
      removedOneByOne(expected, inverse.slice(), count);
      const shares = [...removeWeights(weights, inverse, count, makeRemovalRoom(size, count))];
      assert.equal(weights.filter((weight) => weight === 0).length, count);
      weights.forEach((weight, j) => {
        assert.ok(Math.abs(weight - expected[j]!) <= 1e-10, `weight ${j}`);
      });
      assert.ok(shares.every((one, i) => one < 1 && (i === 0 || one >= shares[i - 1]!)));
    });
  }
}

test('of equal scores the lowest index goes first', () => {
  const size = 30;
  const identity = new Float64Array(size * size);
  for (let i = 0; i < size; i++) identity[i * (size + 1)] = 1;
  const weights = new Float64Array(size).fill(2);
  for (const share of removeWeights(weights, identity, 17, makeRemovalRoom(size, 17))) {
    assert.ok(share < 1);
  }
  assert.deepEqual(
    [...weights],
    Array.from({ length: size }, (_, j) => (j < 17 ? 0 : 2)),
  );
});
