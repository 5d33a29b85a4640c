import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import {
  modelName,
  nextPlace,
  outputPlace,
  packedPlace,
  placeAt,
  safetensorsPlace,
} from '../../../src/host/model/outputPlace';

const at = (...parts: string[]): string => path.join(path.sep, 'w', ...parts);

test('a file is pruned into name.pruned.ext beside it', () => {
  const file = at('m', 'net.v2.safetensors');
  assert.deepEqual(outputPlace(file), {
    path: at('m', 'net.v2.pruned.safetensors'),
    occupies: at('m', 'net.v2.pruned.safetensors'),
    name: 'net.v2.pruned.safetensors',
    folder: at('m'),
  });
});

test('an ending of several parts stays whole', () => {
  assert.equal(outputPlace(at('net.weights.h5')).name, 'net.pruned.weights.h5');
  assert.equal(outputPlace(at('net.pruned.weights.h5')).name, 'net.pruned-2.weights.h5');
  assert.equal(nextPlace(outputPlace(at('net.weights.h5'))).name, 'net.pruned-2.weights.h5');
});

test('a set of shards is pruned into a folder beside its folder', () => {
  const place = outputPlace(at('bert', 'model.safetensors.index.json'));
  assert.equal(place.path, at('bert.pruned', 'model.safetensors.index.json'));
  assert.equal(outputPlace(at('net', 'model.weights.json')).occupies, at('net.pruned'));
});

test('safetensors are saved beside the model, never over it', () => {
  assert.equal(safetensorsPlace(at('net.weights.h5')), at('net.safetensors'));
  assert.equal(safetensorsPlace(at('m', 'model.json')), at('m.safetensors'));
  const shards = at('bert', 'model.safetensors.index.json');
  assert.equal(safetensorsPlace(shards), at('bert', 'model.safetensors'));
  assert.equal(safetensorsPlace(at('a.safetensors')), at('a.copy.safetensors'));
});

test('a model in several files is pruned into a folder beside its folder', () => {
  const file = at('m', 'lenet5', 'model.json');
  assert.equal(modelName(file), 'lenet5');
  assert.deepEqual(outputPlace(file), {
    path: at('m', 'lenet5.pruned', 'model.json'),
    occupies: at('m', 'lenet5.pruned'),
    name: 'lenet5.pruned',
    folder: at('m'),
  });
});

test('what was pruned already gets a number, never its own name', () => {
  assert.equal(outputPlace(at('a.pruned.npz')).name, 'a.pruned-2.npz');
  assert.equal(outputPlace(at('a.pruned-2.npz')).name, 'a.pruned-3.npz');
  assert.equal(outputPlace(at('a.pruned', 'model.json')).name, 'a.pruned-2');
});

test('keeping both counts up', () => {
  const first = outputPlace(at('a.npz'));
  assert.equal(nextPlace(first).name, 'a.pruned-2.npz');
  assert.equal(nextPlace(nextPlace(first)).path, at('a.pruned-3.npz'));
  const folder = outputPlace(at('lenet.5', 'model.json'));
  assert.equal(nextPlace(folder).path, at('lenet.5.pruned-2', 'model.json'));
});

test("a recipe's output is a file, a folder or its index file, as the model is", () => {
  const model = at('lenet5', 'model.json');
  assert.equal(placeAt(at('out'), model).path, at('out', 'model.json'));
  assert.equal(placeAt(at('out', 'model.json'), model).occupies, at('out'));
  assert.equal(placeAt(at('out.npz'), at('a.npz')).occupies, at('out.npz'));
});

test('a packed file stands beside the model, a packed set in a folder beside its folder', () => {
  assert.equal(packedPlace(at('net.pruned.onnx')).path, at('net.pruned.packed.onnx'));
  const { path: index, occupies, name } = packedPlace(at('net/model.safetensors.index.json'));
  assert.equal(index, at('net.packed/model.safetensors.index.json'));
  assert.deepEqual([occupies, name], [at('net.packed'), 'net.packed']);
});
