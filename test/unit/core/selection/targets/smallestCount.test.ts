import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallestCount } from '../../../../../src/core/selection/targets/smallestCount';
import { seededRandom } from '../../../../helpers/random';

/** What is left after each count from 0: falling, with steps and stretches that are level. */
function randomFall(random: () => number): readonly number[] {
  const steps = Array.from({ length: Math.floor(200 * random()) }, () =>
    random() < 0.4 ? 0 : Math.floor(10 ** (4 * random())),
  );
  const left = [steps.reduce((sum, step) => sum + step, 0)];
  for (const step of steps) left.push(left.at(-1)! - step);
  return left;
}

test('the smallest count that leaves little enough is found from any guess', async () => {
  const random = seededRandom(31);
  for (let round = 0; round < 500; round++) {
    const left = randomFall(random);
    const wanted = Math.floor(1.2 * left[0]! * random()) - 1;
    const most = left.length - 1;
    const found = await smallestCount({
      most,
      guess: (1.4 * random() - 0.2) * most,
      leftAt: (count) => Promise.resolve(left[count]!),
      wanted,
    });
    const expected = left.findIndex((one) => one <= wanted);
    assert.equal(found, expected < 0 ? null : expected);
  }
});

test('a right guess costs two questions, a wrong one few', async () => {
  const askedFrom = async (guess: number): Promise<number> => {
    let asked = 0;
    const found = await smallestCount({
      most: 1_000_000,
      guess,
      leftAt: (count) => {
        asked++;
        return Promise.resolve(1e9 / (1 + count));
      },
      wanted: 1e9 / 654_322,
    });
    assert.equal(found, 654_321);
    return asked;
  };
  assert.equal(await askedFrom(654_321), 2);
  assert.ok((await askedFrom(0)) <= 80);
  assert.ok((await askedFrom(700_000)) <= 80);
});
