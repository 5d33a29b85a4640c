// In a process of its own: the heap of WebAssembly never shrinks. What is only allocated takes no memory.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../../../src/core/errors';
import { runNode } from '../../../../src/engines/tfjs/runNode';
import { startTfjs } from '../../../../src/engines/tfjs/startTfjs';

before(async () => {
  await startTfjs();
});

const GIBIBYTE = 2 ** 30;

function allocated(byteLength: number): tf.Tensor {
  const backend = tf.backend();
  assert.ok(backend instanceof BackendWasm);
  const { dataId } = backend.makeOutput([byteLength / 4], 'float32');
  return tf
    .engine()
    .makeTensorFromTensorInfo({ dataId, shape: [byteLength / 4], dtype: 'float32' });
}

test('a node is refused when all values together would take more than the heap has', () => {
  const held = Array.from({ length: 11 }, () => allocated(GIBIBYTE / 4));
  const operator = { kind: 'fill', shape: [2 ** 27], value: 1, type: 'float32' } as const;
  const node = { id: 'y', layer: 'y', operator, inputs: [], outputs: ['y'] };
  assert.throws(
    () => runNode(node, []),
    (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.match(error.message, /layer y: found values of 3489660928 bytes at a time/);
      return true;
    },
  );
  for (const tensor of held) tensor.dispose();
});

test('an array that the heap has no room for is refused, and what it holds stays as it is', () => {
  const kept = tf.tensor1d([1, 2, 3]);
  const held: tf.Tensor[] = [];
  assert.throws(() => {
    for (let i = 0; i < 5; i++) held.push(allocated(GIBIBYTE));
  }, UnsupportedError);
  for (const tensor of held) tensor.dispose();
  assert.deepEqual([...kept.dataSync()], [1, 2, 3]);
  assert.deepEqual([...tf.add(kept, 1).dataSync()], [2, 3, 4]);
});
