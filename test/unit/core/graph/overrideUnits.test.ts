import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../../src/core/errors';
import { inferLayers } from '../../../../src/core/graph/inferLayers';
import { overrideUnits } from '../../../../src/core/graph/overrideUnits';
import type { Layer, Model } from '../../../../src/core/model/model';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { bytesOf, memoryModel } from '../../../helpers/memoryModel';
import { openFixture } from '../../../helpers/modelFixtures';

/** A model of these float32 tensors, with the layers that are guessed from them. */
function guessed(shapes: Readonly<Record<string, readonly number[]>>): Model {
  const model = memoryModel(
    Object.entries(shapes).map(([name, shape]) => {
      const count = shape.reduce((a, b) => a * b, 1);
      const values = Float32Array.from({ length: count }, (_, i) => i + 1);
      return { name, shape, dtype: 'float32', bytes: bytesOf(values) };
    }),
  );
  return { ...model, layers: inferLayers(model.tensors) };
}

const overridden = (model: Model, fields: object): readonly Layer[] =>
  overrideUnits(model, parseRecipe(fields, 'test')).layers;

const unitsOf = (layers: readonly Layer[]): unknown[] =>
  layers.map(({ unitAxis, unitCount, bias }) => [unitAxis, unitCount, bias]);

test('a layout says on which end the units lie where that is a guess', () => {
  const model = guessed({ 'x.mix': [4, 6], 'conv.mix': [3, 3, 5, 7] });
  assert.deepEqual(unitsOf(overridden(model, { layout: 'torch' })), [
    [0, 4, undefined],
    [0, 3, undefined],
  ]);
  assert.deepEqual(unitsOf(overridden(model, { layout: 'keras' })), [
    [1, 6, undefined],
    [3, 7, undefined],
  ]);
});

test('a bias that fits one end only is believed more than the layout', () => {
  const model = guessed({ W1: [4, 6], b1: [6] });
  assert.deepEqual(unitsOf(overridden(model, { layout: 'torch' })), [[1, 6, 'b1']]);
});

test('the axis of a single layer wins, and takes the bias that is as long', () => {
  const model = guessed({ 'a.weight': [4, 6], 'a.bias': [4], 'b.weight': [5, 5], 'b.bias': [5] });
  const layers = { a: { unitAxis: 1 }, b: { unitAxis: 1 } };
  assert.deepEqual(unitsOf(overridden(model, { layout: 'torch', layers })), [
    [1, 6, undefined],
    [1, 5, 'b.bias'],
  ]);
});

test('an axis that the weight does not have is refused by name', () => {
  const model = guessed({ 'a.weight': [4, 6] });
  assert.throws(
    () => overridden(model, { layers: { a: { unitAxis: 2 } } }),
    (error: unknown) =>
      error instanceof UsageError &&
      /layers\["a"\]\.unitAxis: found 2; allowed: 0 to 1, the axes of 4×6/.test(error.message),
  );
});

test('an axis for a layer that the file itself describes is refused', async (t) => {
  const { model } = await openFixture(t, 'tfjs/digits_mlp');
  assert.throws(() => overridden(model, { layers: { fc1: { unitAxis: 0 } } }), UsageError);
  assert.equal(
    overridden(model, { layout: 'torch' })[0]!.unitAxis,
    1,
    'the layout leaves it alone',
  );
});

test('unit thresholds count along the axis that the recipe names', async () => {
  const model = guessed({ 'a.weight': [2, 3] });
  const recipe = (unitAxis: number): object => ({
    threshold: 0,
    unitThreshold: 5,
    layers: { a: { unitAxis } },
  });
  // Rows [1 2 3] and [4 5 6]: norms 3.7 and 8.8; columns [1 4], [2 5], [3 6]: 4.1, 5.4 and 6.7.
  const zeroed = async (axis: number): Promise<readonly number[]> => {
    const plan = await planPrune(model, parseRecipe(recipe(axis), 'test'), unattended);
    assert.equal(plan.entries[0]!.overridden, false, 'an axis is no target');
    return plan.entries[0]!.cut.zeroedUnits;
  };
  assert.deepEqual(await zeroed(0), [0]);
  assert.deepEqual(await zeroed(1), [0]);
  assert.equal(
    (await planPrune(model, parseRecipe(recipe(1), 'test'), unattended)).entries[0]!.zerosAfter,
    2,
  );
});
