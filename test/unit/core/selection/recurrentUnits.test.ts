// A hidden unit whose gates are all zero, kernel, recurrent kernel and biases, gives nothing: of LSTM and GRU alike
// the candidate is tanh(0) = 0, so its state stays at 0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutsByTensor } from '../../../../src/core/model/applyCut';
import type { Model } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { openFixture } from '../../../helpers/modelFixtures';

interface Cell {
  readonly kernels: readonly string[];
  readonly biases: readonly string[];
  readonly units: number;
  /** The axis of gates times units in the kernels. */
  readonly axis: number;
}

const CELLS: Readonly<Record<string, readonly Cell[]>> = {
  'keras/lstm.keras': [
    {
      kernels: ['layers/lstm/cell/vars/0', 'layers/lstm/cell/vars/1'],
      biases: ['layers/lstm/cell/vars/2'],
      units: 16,
      axis: 1,
    },
  ],
  'keras/gru.keras': [
    {
      kernels: ['layers/gru/cell/vars/0', 'layers/gru/cell/vars/1'],
      biases: ['layers/gru/cell/vars/2'],
      units: 12,
      axis: 1,
    },
    {
      kernels: ['layers/gru_1/cell/vars/0', 'layers/gru_1/cell/vars/1'],
      biases: ['layers/gru_1/cell/vars/2'],
      units: 8,
      axis: 1,
    },
  ],
  'onnx/lstm_legacy.onnx': [
    {
      kernels: ['onnx::LSTM_109', 'onnx::LSTM_110'],
      biases: ['onnx::LSTM_111'],
      units: 24,
      axis: 1,
    },
  ],
  'pytorch/lstm_state.pt': [
    {
      kernels: ['lstm.weight_ih_l0', 'lstm.weight_hh_l0'],
      biases: ['lstm.bias_ih_l0', 'lstm.bias_hh_l0'],
      units: 24,
      axis: 0,
    },
  ],
};

/** The units of which a tensor has nothing but zeros, and those of which it has none, by index modulo the units. */
async function unitsIn(
  model: Model,
  name: string,
  {
    read,
    units,
    axis,
  }: { read: (name: string) => Promise<ArrayLike<number>>; units: number; axis: number },
): Promise<{ zero: number[]; nonZeros: number }> {
  const { shape } = model.tensors.find((one) => one.name === name)!;
  const values = await read(name);
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const counts = new Array<number>(units).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) counts[Math.floor(i / inner) % units]!++;
  }
  const zero = counts.flatMap((count, unit) => (count === 0 ? [unit] : []));
  return { zero, nonZeros: counts.reduce((sum, count) => sum + count, 0) };
}

for (const [file, cells] of Object.entries(CELLS)) {
  test(`hidden units of ${file} go with all their gates, in both kernels and the biases`, async (t) => {
    const { model } = await openFixture(t, file);
    const recipe = parseRecipe({ granularity: 'unit', sparsity: 0.25, scope: 'layer' }, 'test');
    const plan = await planPrune(model, recipe, unattended);
    const cuts = cutsByTensor(plan.entries);
    const read = (name: string): Promise<ArrayLike<number>> =>
      readTensorValues(
        model,
        model.tensors.find((one) => one.name === name)!,
        cuts.get(name) ?? null,
      );
    for (const { kernels, biases, units, axis } of cells) {
      const taken = plan.entries.find(({ tensor }) => tensor === kernels[0])!.cut.zeroedUnits;
      assert.equal(taken.length, units / 4);
      for (const name of kernels) {
        assert.deepEqual((await unitsIn(model, name, { read, units, axis })).zero, taken, name);
      }
      for (const name of biases) {
        const { shape } = model.tensors.find((one) => one.name === name)!;
        const { zero } = await unitsIn(model, name, { read, units, axis: shape.length - 1 });
        assert.ok(
          taken.every((unit) => zero.includes(unit)),
          name,
        );
      }
    }
  });
}

test('the hidden units that go are those of the least magnitude over both kernels', async (t) => {
  const { model } = await openFixture(t, 'pytorch/lstm_state.pt');
  const values = await Promise.all(
    ['lstm.weight_ih_l0', 'lstm.weight_hh_l0'].map((name) =>
      readTensorValues(
        model,
        model.tensors.find((one) => one.name === name)!,
      ),
    ),
  );
  const sums = new Array<number>(24).fill(0);
  for (const kernel of values) {
    for (let i = 0; i < kernel.length; i++) {
      const unit = Math.floor(i / (kernel.length / 96)) % 24;
      sums[unit]! += Math.abs(kernel[i]!);
    }
  }
  const lowest = [...sums.keys()].sort((a, b) => sums[a]! - sums[b]!).slice(0, 12);
  for (const method of [{}, { criterion: 'l1-norm' }]) {
    const recipe = parseRecipe(
      { ...method, granularity: 'unit', sparsity: 0.5, scope: 'layer' },
      'test',
    );
    const { entries } = await planPrune(model, recipe, unattended);
    assert.deepEqual(
      entries[0]!.cut.zeroedUnits,
      lowest.sort((a, b) => a - b),
    );
    assert.deepEqual(entries[1]!.cut.zeroedUnits, entries[0]!.cut.zeroedUnits);
  }
});
