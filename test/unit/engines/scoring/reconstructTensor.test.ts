import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishSteps, type InputProduct } from '../../../../src/core/linearAlgebra/inputProduct';
import type { GraphNode } from '../../../../src/core/graph/graph';
import { layerInputs } from '../../../../src/engines/scoring/layerInputs';
import { reconstructTensor } from '../../../../src/engines/scoring/reconstructTensor';
import { WeightMatrices } from '../../../../src/engines/scoring/weightMatrices';
import { seededRandom } from '../../../helpers/random';
import { inputProductOf } from '../../../helpers/reconstructionOracle';

const [INPUTS, OUTPUTS] = [6, 4];
const method = { criterion: 'least-squares', options: {}, place: 'fc' } as const;

function drawn(length: number, seed: number): Float64Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, () => random() - 0.5);
}

/** A dense layer [outputs, inputs] with what it reads. */
function denseLayer(): { matrices: WeightMatrices; products: readonly InputProduct[] } {
  const node: GraphNode = {
    id: 'fc',
    layer: 'fc',
    operator: { kind: 'dense', kernelLayout: 'out-in' },
    inputs: ['x', 'w', null],
    outputs: ['y'],
  };
  const shapes = new Map([['x', { shape: [50, INPUTS], type: 'float32' as const }]]);
  const shape = [OUTPUTS, INPUTS];
  const inputs = layerInputs({ node, input: 1 }, shapes, shape)!;
  const products = [inputProductOf(drawn(50 * INPUTS, 5), INPUTS)];
  return { matrices: new WeightMatrices(inputs, { shape, turns: [] }), products };
}

/** Every other weight goes. */
const mask = Uint8Array.of(0b01010101, 0b01010101, 0b01010101);

test('an output with a weight that is not finite keeps its others, but for what the mask takes', () => {
  const weights = drawn(INPUTS * OUTPUTS, 1);
  weights[INPUTS + 1] = Infinity;
  const target = { kind: 'mask', mask } as const;
  const found = finishSteps(reconstructTensor(weights, { layer: denseLayer() }, target, method));
  for (let output = 0; output < OUTPUTS; output++) {
    for (let input = 0; input < INPUTS; input++) {
      const at = output * INPUTS + input;
      if (at % 2 === 0) assert.equal(found[at], 0);
      else if (output === 1) assert.equal(found[at], weights[at]);
      else assert.ok(found[at] !== weights[at] && Number.isFinite(found[at]));
    }
  }
});

test('an output that is not finite loses nothing where the criterion chooses', () => {
  const weights = drawn(INPUTS * OUTPUTS, 1);
  weights[INPUTS + 1] = NaN;
  const target = { kind: 'sparsity', sparsity: 0.5 } as const;
  for (const criterion of ['obs', 'sparsegpt', 'least-squares'] as const) {
    const steps = reconstructTensor(weights, { layer: denseLayer() }, target, {
      ...method,
      criterion,
    });
    const found = finishSteps(steps);
    const row = found.subarray(INPUTS, 2 * INPUTS);
    assert.deepEqual(row, weights.subarray(INPUTS, 2 * INPUTS));
    assert.ok(found.filter((value) => value === 0).length >= (3 * INPUTS) / 2);
  }
});

test('weights that no vectors meet go by magnitude, ties by index, and those that stay are as they were', () => {
  const weights = Float64Array.of(0.5, -0.1, NaN, 0.1, 0.3, -0.1, Infinity, 0.2);
  const target = { kind: 'sparsity', sparsity: 0.25 } as const;
  const found = finishSteps(reconstructTensor(weights, { layer: null }, target, method));
  assert.deepEqual([...found], [0.5, 0, NaN, 0, 0.3, -0.1, Infinity, 0.2]);
  const masked = finishSteps(
    reconstructTensor(weights, { layer: null }, { kind: 'mask', mask: Uint8Array.of(1) }, method),
  );
  assert.deepEqual([...masked], [0, -0.1, NaN, 0.1, 0.3, -0.1, Infinity, 0.2]);
});

for (const criterion of ['obs', 'least-squares', 'sparsegpt'] as const) {
  test(`${criterion} takes weights of a layer that reads nothing but 0, and leaves no others undefined`, () => {
    const weights = drawn(INPUTS * OUTPUTS, 1);
    const { matrices } = denseLayer();
    const products = [inputProductOf(new Float64Array(50 * INPUTS), INPUTS)];
    const found = finishSteps(
      reconstructTensor(
        weights,
        { layer: { matrices, products } },
        { kind: 'sparsity', sparsity: 0.5 },
        { ...method, criterion },
      ),
    );
    assert.ok(found.every(Number.isFinite));
    const zeros = found.filter((weight) => weight === 0).length;
    // sparsegpt takes all weights of dead inputs.
    assert.equal(zeros, criterion === 'sparsegpt' ? INPUTS * OUTPUTS : (INPUTS * OUTPUTS) / 2);
  });
}
