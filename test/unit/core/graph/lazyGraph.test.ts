import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Graph } from '../../../../src/core/graph/graph';
import { lazyGraph } from '../../../../src/core/graph/lazyGraph';
import { memoryModel } from '../../../helpers/memoryModel';

const GRAPH: Graph = {
  inputs: [{ value: 'x', name: 'x', shape: [-1, 3], type: 'float32' }],
  outputs: [{ value: 'y', name: 'y' }],
  parameters: [],
  constants: [],
  nodes: [{ id: 'y', layer: 'y', operator: { kind: 'identity' }, inputs: ['x'], outputs: ['y'] }],
};

test('a lazy graph is written once, when it is first read, however often its model is copied', () => {
  let writes = 0;
  const graph = lazyGraph(() => {
    writes++;
    return GRAPH;
  });
  const copied = { ...{ ...memoryModel([]), graph }, notices: [] };
  assert.equal(writes, 0);
  assert.deepEqual(copied.graph.nodes, GRAPH.nodes);
  assert.deepEqual(graph, GRAPH);
  assert.equal(writes, 1);
});

test('a copy of a lazy graph has all its parts', () => {
  assert.deepEqual({ ...lazyGraph(() => GRAPH), outputs: [] }, { ...GRAPH, outputs: [] });
});
