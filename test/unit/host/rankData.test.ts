import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { dataOfChosenFile, isDataFolder, rankData } from '../../../src/host/model/rankData';

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

test('the model is no data, and neither is a file of another kind', () => {
  const model = at('iris_mlp.npz');
  assert.deepEqual(rankData(model, [model, at('notes.txt'), at('IRIS.CSV')], []), [at('IRIS.CSV')]);
});

test('arrays, tables and MNIST’s files are data, and so is a folder that was used before', () => {
  const files = ['x.npy', 'd.parquet', 'l.jsonl', 't10k-images-idx3-ubyte.gz', 't.tsv'].map((f) =>
    at(f),
  );
  assert.deepEqual(rankData(at('m'), files, []), [...files].sort());
  assert.deepEqual(rankData(at('m'), [at('pictures')], [at('pictures')]), [at('pictures')]);
});

test('a picture stands for the folder that its class’s folder lies in', () => {
  assert.equal(dataOfChosenFile(at('set', 'cat', '1.PNG')), at('set'));
  assert.equal(dataOfChosenFile(at('set', 'x.npy')), at('set', 'x.npy'));
});

test('folders that promise data are told by their names', () => {
  assert.ok(['data', 'Datasets', 'test'].every(isDataFolder));
  assert.ok(!['database', 'src'].some(isDataFolder));
});
