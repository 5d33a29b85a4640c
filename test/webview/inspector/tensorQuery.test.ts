import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectTensors } from '../../../webview/inspector/state/selectTensors';
import { layerOf, modelOf, readInspector, tensorView } from './inspectorFixtures';

const kernel = tensorView('block1.conv3x3.weight', [64, 64, 3, 3]);
const bias = tensorView('block1.conv3x3.bias', [64]);
const dense = tensorView('head.weight', [10, 64]);
const layers = [
  layerOf('block1.conv3x3', [kernel, bias], { operatorLabel: 'Conv2D' }),
  layerOf('head', [dense]),
];

function found(query: string): string[] {
  const state = readInspector(modelOf([kernel, bias, dense], layers));
  const rows = selectTensors({ ...state, view: { ...state.view, query } });
  return rows.map(({ tensor }) => tensor.name);
}

test('words are parts of name, layer, operator or type, and all have to be met', () => {
  assert.deepEqual(found('HEAD'), [dense.name]);
  assert.deepEqual(found('conv2d weight'), [kernel.name]);
  assert.deepEqual(found('float32'), [kernel.name, bias.name, dense.name]);
  assert.deepEqual(found('head bias'), []);
  assert.equal(found('  ').length, 3);
});

test('a shape is found whole or in part, by any sign, and in names as well', () => {
  assert.deepEqual(found('10×64'), [dense.name]);
  assert.deepEqual(found('64x3x3'), [kernel.name]);
  assert.deepEqual(found('0x64'), []);
  assert.deepEqual(found('3x3'), [kernel.name, bias.name]);
});

test('comparisons count elements, with k and M', () => {
  assert.deepEqual(found('>600'), [kernel.name, dense.name]);
  assert.deepEqual(found('>=36.864k'), [kernel.name]);
  assert.deepEqual(found('<640'), [bias.name]);
  assert.deepEqual(found('=640'), [dense.name]);
  assert.deepEqual(found('≤1m >64'), [kernel.name, dense.name]);
});
