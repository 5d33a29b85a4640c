import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import type { UnitScoresView } from '../../../src/protocol/views';
import { workerHandlers } from '../../../src/worker/handlers';
import { fixturePath } from '../../helpers/fixtures';

const path = fixturePath('tfjs/lenet5/model.json');
const control = { signal: new AbortController().signal, report: () => undefined };
const handlers = workerHandlers();

/** The plan of a recipe, with what it ranks the units of each tensor by. */
async function rankedBy(fields: object) {
  const recipe = parseRecipe(fields, 'the test');
  const plan = await handlers.plan({ path, recipe }, control);
  const planned = plan.entries.map(({ tensor }) => tensor);
  const tables: (UnitScoresView | null)[] = [];
  for (const tensor of planned) {
    tables.push(await handlers.unitScores({ path, recipe, tensor, planned }, control));
  }
  return { plan, tables };
}

test('a layer loses its units with the lowest scores, up to the threshold, but never the last', async () => {
  for (const criterion of ['l1-norm', 'l2-norm', 'fpgm', 'magnitude']) {
    const { plan, tables } = await rankedBy({ criterion, granularity: 'unit', sparsity: 0.4 });
    for (const [index, { cut, tensor }] of plan.entries.entries()) {
      const table = tables[index];
      assert.ok(table, tensor);
      const scores = table.scores.map((score) => score ?? NaN);
      const gone = scores.filter((_, unit) => cut.zeroedUnits.includes(unit));
      const kept = scores.filter((_, unit) => !cut.zeroedUnits.includes(unit));
      const threshold = plan.globalThreshold ?? NaN;
      assert.equal(gone.length + kept.length, table.unitCount);
      assert.ok(Math.max(...gone) <= Math.min(threshold, ...kept), `${criterion}, ${tensor}`);
      assert.ok(kept.length === 1 || Math.min(...kept) > threshold, `${criterion}, ${tensor}`);
    }
  }
});

test('a layer of which single weights go has no unit scores', async () => {
  const { tables } = await rankedBy({ criterion: 'magnitude', sparsity: 0.4 });
  assert.ok(tables.length > 0 && tables.every((table) => table === null));
});
