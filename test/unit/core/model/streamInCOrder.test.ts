import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamInCOrder } from '../../../../src/core/model/streamInCOrder';
import { bytesOf, memoryModel } from '../../../helpers/memoryModel';
import { seededRandom } from '../../../helpers/random';

const TYPES = [
  ['uint8', Uint8Array],
  ['int16', Int16Array],
  ['float32', Float32Array],
  ['float64', Float64Array],
] as const;

test('arrays stored in any order of their axes come out in C order, in boxes of any size', async () => {
  const random = seededRandom(5);
  const below = (end: number): number => Math.floor(random() * end);
  for (let round = 0; round < 200; round++) {
    const shape = Array.from({ length: 2 + below(3) }, () => 1 + below(6));
    const storageOrder = shape.map((_, axis) => axis).sort(() => random() - 0.5);
    const [dtype, ArrayType] = TYPES[below(TYPES.length)]!;
    const count = shape.reduce((a, b) => a * b, 1);
    const stored = new ArrayType(count);
    const expected = new ArrayType(count);
    for (let i = 0; i < count; i++) expected[i] = i % 251;
    // The definition: the element at each index stands where the axes in storage order put it.
    for (let flat = 0; flat < count; flat++) {
      const index: number[] = [];
      for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
        index[axis] = rest % shape[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      const place = storageOrder.reduce((at, axis) => at * shape[axis]! + index[axis]!, 0);
      stored[place] = expected[flat]!;
    }
    const model = memoryModel([{ name: 'w', shape, dtype, bytes: bytesOf(stored), storageOrder }]);
    const found: number[] = [];
    for await (const bytes of streamInCOrder(model, model.tensors[0]!, 1 + below(200))) {
      found.push(...bytes);
    }
    assert.deepEqual(
      Uint8Array.from(found),
      bytesOf(expected),
      `${shape.join()} ${storageOrder.join()}`,
    );
  }
});
