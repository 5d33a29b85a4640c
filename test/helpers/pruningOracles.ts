import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Model } from '../../src/core/model/model';
import { readTensorValues } from '../../src/core/model/readTensor';
import { unattended } from '../../src/core/progress';
import { parseRecipe } from '../../src/core/recipe/parseRecipe';
import type { Recipe } from '../../src/core/recipe/recipe';
import type { PlanEntry } from '../../src/core/report/plan';
import { planPrune } from '../../src/core/selection/planPrune';
import { readOracle } from './fixtures';
import { openFixture } from './modelFixtures';
import { levelsOf, type PrunedLayerOracle } from './pruningOracle';

/** A model file whose masks an oracle of test/fixtures/oracles/pruning tells. */
export interface PruningCase {
  readonly oracle: string;
  readonly fixture: string;
  /** The oracle's name of a layer, for our layer and tensor. */
  readonly oracleName: (entry: PlanEntry) => string;
  /** The oracle holds masks of [out, in] where the file holds [in, out]. */
  readonly transposed?: boolean;
}

/** SHA-256 of the mask as the oracles keep it: a byte a weight, 1 = kept. */
async function maskDigest(model: Model, entry: PlanEntry, transposed: boolean): Promise<string> {
  const tensor = model.tensors.find(({ name }) => name === entry.tensor)!;
  const values = await readTensorValues(model, tensor, entry.cut);
  const mask = Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  const bytes = transposed ? transpose(mask, tensor.shape) : mask;
  return createHash('sha256').update(bytes).digest('hex');
}

function transpose(mask: Uint8Array, shape: readonly number[]): Uint8Array {
  const [rows = 0, columns = 0] = shape;
  return Uint8Array.from(mask, (_, i) => mask[(i % rows) * columns + Math.floor(i / rows)]!);
}

function recipeOf(level: string): Recipe {
  const [, scope, percent] = /^(global|per_layer)_(\d+)$/.exec(level)!;
  return parseRecipe(
    { scope: scope === 'global' ? 'global' : 'layer', sparsity: Number(percent) / 100 },
    level,
  );
}

async function assertLayer(
  model: Model,
  entry: PlanEntry,
  expected: PrunedLayerOracle,
  transposed: boolean,
): Promise<void> {
  assert.equal(entry.elementCount, expected.size, entry.layer);
  assert.equal(entry.zerosAfter, expected.pruned, `${entry.layer}: pruned`);
  const { threshold } = entry.cut;
  if (threshold !== null) {
    assert.ok(
      expected.max_pruned === null || expected.max_pruned <= threshold,
      'max_pruned <= threshold',
    );
    assert.ok(
      expected.min_kept === null || threshold <= expected.min_kept,
      'threshold <= min_kept',
    );
  }
  if (!expected.tie_at_threshold) {
    assert.equal(
      await maskDigest(model, entry, transposed),
      expected.mask_sha256,
      `${entry.layer}: mask`,
    );
  }
}

/** A test that magnitude pruning gives the oracle's counts, thresholds and masks at every level. */
export function testPruningOracle(given: PruningCase): void {
  const { oracle, fixture, oracleName, transposed = false } = given;
  test(`${fixture} is pruned at every level as the oracle ${oracle} has it`, async (t) => {
    const { model } = await openFixture(t, fixture);
    const levels = Object.entries(levelsOf(await readOracle(`pruning/${oracle}`)));
    assert.ok(levels.length >= 8, 'the oracle has all levels');
    for (const [level, expected] of levels) {
      const plan = await planPrune(model, recipeOf(level), unattended);
      assert.equal(plan.totals.elementCount, expected.total.size, level);
      assert.equal(plan.totals.zeros, expected.total.pruned, level);
      const names = plan.entries.map(oracleName);
      assert.deepEqual(
        [...names].sort(),
        Object.keys(expected.per_layer).sort(),
        'the prunable layers',
      );
      for (const [i, entry] of plan.entries.entries()) {
        await assertLayer(model, entry, expected.per_layer[names[i]!]!, transposed);
      }
    }
  });
}
