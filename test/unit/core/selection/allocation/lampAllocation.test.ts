// How many weights LAMP leaves to each layer: the oracles' levels, computed in float64 over all weights.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { readOracle } from '../../../../helpers/fixtures';
import { openFixture } from '../../../../helpers/modelFixtures';

interface LampOracle {
  readonly lamp: {
    readonly levels: Readonly<
      Record<string, { readonly per_layer: Readonly<Record<string, { readonly pruned: number }>> }>
    >;
  };
}

for (const criterion of ['magnitude', 'random']) {
  test(`allocation lamp gives each layer the count of the oracle, also where ${criterion} says which`, async (t) => {
    const { model } = await openFixture(t, 'safetensors/digits_mlp_f32.safetensors');
    const { lamp } = (await readOracle('pruning/digits_mlp')) as LampOracle;
    const levels = Object.entries(lamp.levels);
    assert.ok(levels.length >= 4);
    for (const [percent, { per_layer: layers }] of levels) {
      const fields = { criterion, allocation: 'lamp', sparsity: Number(percent) / 100 };
      const plan = await planPrune(model, parseRecipe(fields, 'test'), unattended);
      assert.deepEqual(
        Object.fromEntries(plan.entries.map(({ layer, zerosAfter }) => [layer, zerosAfter])),
        Object.fromEntries(Object.entries(layers).map(([layer, { pruned }]) => [layer, pruned])),
      );
    }
  });
}
