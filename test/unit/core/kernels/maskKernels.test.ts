import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  maskByteLength,
  setMaskBits,
  tallyMaskInPlace,
} from '../../../../src/core/kernels/maskKernels';
import { seededRandom } from '../../../helpers/random';

const random = seededRandom(7);
/** Many ties, zeros of both signs, and what is not finite. */
const ODD = [0, -0, NaN, Infinity, -Infinity, 1e-42];
const scores = Float32Array.from({ length: 203 }, () =>
  random() < 0.2 ? ODD[Math.floor(random() * ODD.length)]! : Math.round(6 * random() - 3) / 2,
);

function bitsOf(mask: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (mask[i >>> 3]! >>> (i & 7)) & 1);
}

test('scores below the threshold go, and those equal to it up to the limit of ties', () => {
  for (const firstElement of [0, 3, 64]) {
    for (const threshold of [0, 0.5, 1, 0.7, Math.fround(0.7), 3]) {
      for (let tieLimit = 0; tieLimit < firstElement + 230; tieLimit += 5) {
        const mask = new Uint8Array(maskByteLength(firstElement + scores.length));
        setMaskBits(mask, scores, { firstElement, threshold, tieLimit });
        const goes = Array.from(scores, (score, i) => {
          const isTie = Math.abs(score) === threshold && firstElement + i < tieLimit;
          return Math.abs(score) < threshold || isTie ? 1 : 0;
        });
        const found = bitsOf(mask, firstElement + scores.length);
        assert.deepEqual(found.slice(firstElement), goes, `${threshold} ${tieLimit}`);
        assert.deepEqual(found.slice(0, firstElement), new Array(firstElement).fill(0));
      }
    }
  }
});

test('float32 and float64 weights under a mask are counted alike, and what is not finite leaves it', () => {
  for (const firstElement of [5, 16]) {
    const mask = Uint8Array.from({ length: maskByteLength(firstElement + scores.length) }, () =>
      Math.floor(256 * random()),
    );
    const [one, other] = [mask.slice(), mask.slice()];
    const [narrow, wide] = [0, 1].map(() => ({ zeros: 0, nonFinite: 0, zerosAfter: 0 }));
    tallyMaskInPlace(narrow!, one, scores, { firstElement, flatIndexOf: null });
    tallyMaskInPlace(wide!, other, Float64Array.from(scores), { firstElement, flatIndexOf: null });
    assert.deepEqual(narrow, wide);
    assert.deepEqual(one, other);
    const left = bitsOf(one, firstElement + scores.length).slice(firstElement);
    assert.ok(left.every((bit, i) => bit === 0 || Number.isFinite(scores[i])));
    assert.equal(narrow!.zeros, scores.filter((score) => score === 0).length);
    assert.equal(narrow!.zerosAfter, left.filter((bit, i) => bit === 1 || scores[i] === 0).length);
  }
});
