import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finalActivation } from '../../../../src/core/graph/finalActivation';
import type { Graph } from '../../../../src/core/graph/graph';
import type { Operator } from '../../../../src/core/graph/operators/operator';
import { kerasActivation } from '../../../../src/core/graph/kerasActivations';

const softmax: Operator = { kind: 'activation', function: { name: 'softmax', axis: -1 } };
const dense: Operator = { kind: 'dense', kernelLayout: 'in-out' };

test('finds the activation behind operators that only pass values on', () => {
  const reshape: Operator = { kind: 'reshape', shape: [0, -1] };
  assert.equal(finalActivation(chain(dense, softmax))?.name, 'softmax');
  assert.equal(finalActivation(chain(softmax, reshape, { kind: 'identity' }))?.name, 'softmax');
});

test('finds none where another operator gives the output', () => {
  assert.equal(finalActivation(chain(softmax, dense)), null);
  assert.equal(finalActivation(chain()), null);
});

test('knows activations in snake and camel case, and none that Keras does not name', () => {
  assert.deepEqual(kerasActivation('logSoftmax', 2), kerasActivation('log_softmax', 3));
  assert.deepEqual(kerasActivation('silu', 3), { name: 'swish' });
  assert.equal(kerasActivation('toString', 3), null);
});

function chain(...operators: readonly Operator[]): Graph {
  const last = operators.length;
  return {
    inputs: [{ value: 'v0', name: 'x', shape: [-1, 4], type: 'float32' }],
    parameters: [],
    constants: [],
    outputs: [{ value: `v${last}`, name: 'y' }],
    nodes: operators.map((operator, i) => ({
      id: `n${i}`,
      layer: `n${i}`,
      operator,
      inputs: [`v${i}`],
      outputs: [`v${i + 1}`],
    })),
  };
}
