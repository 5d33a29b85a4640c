import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { isDataFolder, rankData } from '../../../src/host/model/rankData';

const at = (...parts: string[]): string => path.join(path.sep, 'w', ...parts);

test('data used before comes first, then what lies nearest, then by name', () => {
  const model = at('models', 'net', 'model.json');
  const files = [
    at('z.csv'),
    at('models', 'b.npz'),
    at('models', 'net', 'c.csv'),
    at('models', 'a.csv'),
  ];
  assert.deepEqual(rankData(model, [...files, at('used.npz')], [at('used.npz')]), [
    at('used.npz'),
    at('models', 'net', 'c.csv'),
    at('models', 'a.csv'),
    at('models', 'b.npz'),
    at('z.csv'),
  ]);
});

test('the model is no data, and neither is anything but npz and csv', () => {
  const model = at('iris_mlp.npz');
  assert.deepEqual(rankData(model, [model, at('notes.txt'), at('IRIS.CSV')], []), [at('IRIS.CSV')]);
});

test('folders that promise data are told by their names', () => {
  assert.ok(['data', 'Datasets', 'test'].every(isDataFolder));
  assert.ok(!['database', 'src'].some(isDataFolder));
});
