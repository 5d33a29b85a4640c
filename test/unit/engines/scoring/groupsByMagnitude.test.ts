import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskBit } from '../../../../src/core/kernels/maskBit';
import { finishSteps } from '../../../../src/core/linearAlgebra/inputProduct';
import { groupsByMagnitude } from '../../../../src/engines/scoring/groupsByMagnitude';
import { reconstructTensor } from '../../../../src/engines/scoring/reconstructTensor';
import { bytesOf, memoryModel } from '../../../helpers/memoryModel';
import { seededRandom } from '../../../helpers/random';

for (const unitAxis of [0, 1]) {
  test(`of a layer that cannot be solved for, with its units on axis ${unitAxis}, the two smallest of four inputs go`, () => {
    const shape = [8, 12];
    const random = seededRandom(3);
    const weights = Float64Array.from({ length: 96 }, () => random() - 0.5);
    const plain = memoryModel([{ name: 'w', shape, dtype: 'float64', bytes: bytesOf(weights) }]);
    const layers = plain.layers.map((layer) => ({
      ...layer,
      operator: 'dense' as const,
      unitAxis,
    }));
    const [tensor] = plain.tensors;
    const groups = { kind: 'groups', keep: 2, group: 4 } as const;
    const target = groupsByMagnitude({ ...plain, layers }, tensor!, weights, groups);
    assert.ok(target.kind === 'mask');
    const at = (unit: number, input: number): number =>
      unitAxis === 0 ? unit * 12 + input : input * 12 + unit;
    for (let unit = 0; unit < shape[unitAxis]!; unit++) {
      for (let first = 0; first < shape[1 - unitAxis]!; first += 4) {
        const group = [0, 1, 2, 3].map((i) => at(unit, first + i));
        const byMagnitude = [...group].sort(
          (a, b) => Math.abs(weights[a]!) - Math.abs(weights[b]!),
        );
        const gone: readonly number[] = group.filter((i) => maskBit(target.mask, i));
        assert.deepEqual(
          gone,
          byMagnitude.slice(0, 2).sort((a, b) => a - b),
        );
      }
    }
    const method = { criterion: 'sparsegpt', options: {}, place: 'w' } as const;
    const found = finishSteps(reconstructTensor(weights, { layer: null }, target, method));
    assert.equal(found.filter((weight) => weight === 0).length, 48);
  });
}
