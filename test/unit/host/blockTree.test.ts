import assert from 'node:assert/strict';
import test from 'node:test';
import { blockTree, filterLayers, layersBelow } from '../../../src/host/layers/blockTree';
import type { Block, LayerLeaf } from '../../../src/host/layers/blockTree';
import { layerView } from './layerView';

/** The tree as nested names: a layer as its label, a block as its path with its children. */
function outline(nodes: readonly (Block | LayerLeaf)[]): unknown[] {
  return nodes.map((node) =>
    node.kind === 'layer' ? node.label : { [node.path]: outline(node.children) },
  );
}

function treeOf(...names: string[]): unknown[] {
  return outline(blockTree(names.map(layerView)));
}

test('names split at dots and slashes; a block shows its whole path, a layer its own part', () => {
  assert.deepEqual(treeOf('conv1', 'layer1.0.conv1', 'layer1.0.bn1', 'layer1.1.conv1', 'fc'), [
    'conv1',
    { layer1: [{ 'layer1.0': ['conv1', 'bn1'] }, '1.conv1'] },
    'fc',
  ]);
  assert.deepEqual(treeOf('enc/a/kernel', 'enc/b/kernel', 'dec/a'), [
    { enc: ['a/kernel', 'b/kernel'] },
    'dec/a',
  ]);
});

test('names that part at an underscore do so only after a number', () => {
  assert.deepEqual(treeOf('b1_conv', 'b1_bn', 'b2_conv', 'b2_bn'), [
    { b1: ['conv', 'bn'] },
    { b2: ['conv', 'bn'] },
  ]);
  assert.deepEqual(treeOf('conv2d', 'conv2d_1', 'batch_normalization_1'), [
    'conv2d',
    'conv2d_1',
    'batch_normalization_1',
  ]);
});

test('a prefix that all layers share is no level of its own', () => {
  assert.deepEqual(treeOf('model.conv', 'model.fc'), ['model.conv', 'model.fc']);
  assert.deepEqual(treeOf('model.h.0.a', 'model.h.0.b', 'model.h.1.a', 'model.h.1.b'), [
    { 'model.h.0': ['a', 'b'] },
    { 'model.h.1': ['a', 'b'] },
  ]);
});

test('a layer may be called what a block is called, and names may end in a separator', () => {
  assert.deepEqual(treeOf('a', 'a.b', 'a.c'), ['a', { a: ['b', 'c'] }]);
  assert.deepEqual(treeOf('.x', 'y.', 'z'), ['.x', 'y.', 'z']);
});

test('no layer is lost, whatever the names', () => {
  const names = ['a.b.c', 'a.b.d', 'a.e', 'f', 'a.b', 'g/h_1_x', 'g/h_1_y', 'g'];
  const found = blockTree(names.map(layerView)).flatMap(layersBelow);
  assert.deepEqual(found.map(({ name }) => name).sort(), [...names].sort());
});

test('the filter looks at names and operators, whatever the case', () => {
  const layers = ['conv1', 'fc'].map(layerView);
  assert.deepEqual(
    filterLayers(layers, ' CONV ').map(({ name }) => name),
    ['conv1'],
  );
  assert.equal(filterLayers(layers, 'dense').length, 2);
  assert.equal(filterLayers(layers, '').length, 2);
});
