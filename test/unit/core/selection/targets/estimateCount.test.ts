import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { magnitudeScores } from '../../../../../src/core/selection/scoreTensor';
import { estimateCount } from '../../../../../src/core/selection/targets/estimateCount';
import { memoryModel } from '../../../../helpers/memoryModel';
import { randomMatrices } from '../../../../helpers/randomTensors';
import { seededRandom } from '../../../../helpers/random';

for (const ties of [false, true]) {
  test(`the fewest of the lowest scores that suffice are counted${ties ? ', also among ties' : ''}`, async () => {
    const random = seededRandom(ties ? 33 : 32);
    for (let round = 0; round < 30; round++) {
      const model = memoryModel(randomMatrices(random, ties));
      const weights = model.tensors.map(() => Math.floor(5 * random()));
      const gainOf = (counts: readonly number[]): number =>
        counts.reduce((sum, count, i) => sum + count * weights[i]!, 0);
      const wanted = gainOf(model.tensors.map(({ elementCount }) => elementCount)) * random();
      const found = await estimateCount(
        magnitudeScores(model, model.tensors),
        (counts) => gainOf(counts) >= wanted,
        () => undefined,
      );
      const all: { magnitude: number; tensor: number }[] = [];
      for (const [tensor, entry] of model.tensors.entries()) {
        const values = await readTensorValues(model, entry);
        for (const value of values) all.push({ magnitude: Math.abs(value), tensor });
      }
      all.sort((a, b) => a.magnitude - b.magnitude || a.tensor - b.tensor);
      const counts = model.tensors.map(() => 0);
      let expected = 0;
      while (gainOf(counts) < wanted) counts[all[expected++]!.tensor]!++;
      assert.equal(found, expected, `round ${round}`);
    }
  });
}
