import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../../src/core/errors';
import { applyArchitecture } from '../../../../src/core/graph/architecture';
import { inferShapes } from '../../../../src/core/graph/inferShapes';
import type { DenseArchitecture } from '../../../../src/core/recipe/recipe';
import { tensorsOf } from './tensorFixtures';

const tensors = tensorsOf({
  'fc1.weight': [8, 4],
  'fc1.bias': [8],
  'fc2.weight': [3, 8],
  'fc2.bias': [3],
  spare: [2, 2],
});

const torch: DenseArchitecture = {
  axisOrder: 'out-in',
  layers: [
    { kernel: 'fc1.weight', bias: 'fc1.bias', activation: 'relu' },
    { name: 'head', kernel: 'fc2.weight', bias: 'fc2.bias' },
  ],
};

test('chains dense layers with their activations and leaves linear ones out', () => {
  const { graph } = applyArchitecture(torch, tensors);
  assert.deepEqual(
    graph.nodes.map(({ id, inputs }) => [id, ...inputs]),
    [
      ['fc1/dense', 'input', '%fc1.weight', '%fc1.bias'],
      ['fc1/activation', 'fc1/dense'],
      ['head/dense', 'fc1/activation', '%fc2.weight', '%fc2.bias'],
    ],
  );
  assert.deepEqual(graph.inputs[0]?.shape, [-1, 4]);
  assert.deepEqual(inferShapes(graph, tensors).get('head/dense')?.shape, [-1, 3]);
});

test('counts units on the axis that the order states, and keeps what it does not name', () => {
  const { layers } = applyArchitecture(torch, tensors);
  assert.deepEqual(
    layers.map(({ name, unitAxis, unitCount, prunable }) => [name, unitAxis, unitCount, prunable]),
    [
      ['fc1', 0, 8, true],
      ['head', 0, 3, true],
      ['spare', 0, 2, true],
    ],
  );
});

test('says both numbers where a layer does not fit the one before it', () => {
  assertRefused({ ...torch, axisOrder: 'in-out' }, /fc1.bias.*\[8\].*4 outputs/);
  const withoutBias = { ...torch, layers: torch.layers.map(({ kernel }) => ({ kernel })) };
  assertRefused({ ...withoutBias, axisOrder: 'in-out' }, /takes 3 inputs.*fc1 before it gives 4/);
});

test('names the tensors there are where one is missing', () => {
  assertRefused({ ...torch, layers: [{ kernel: 'W1' }] }, /no tensor W1.*fc1\.weight/);
});

test('refuses kernels of another rank, unknown activations, double names and no layers', () => {
  assertRefused({ ...torch, layers: [{ kernel: 'fc1.bias' }] }, /shape \[8\].*two axes/);
  const activation = { kernel: 'fc1.weight', activation: 'rellu' };
  assertRefused({ ...torch, layers: [activation] }, /rellu.*allowed:.*relu/);
  const [first] = torch.layers;
  const square = { name: 'fc1', kernel: 'spare' };
  const twice = { ...torch, layers: [square, square] };
  assertRefused(twice, /two layers are named fc1/);
  assertRefused({ ...torch, layers: [] }, /no layers/);
  assert.ok(first);
});

function assertRefused(architecture: DenseArchitecture, message: RegExp): void {
  assert.throws(
    () => applyArchitecture(architecture, tensors),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    },
  );
}
