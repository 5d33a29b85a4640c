// Every criterion against the numbers of other tools in test/fixtures/oracles/pruning; docs/criteria-oracles.md lists
// the same comparisons.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criteriaCases } from '../../../helpers/criteria/criteriaCases';

test('scores, plans and pruned files are those of other tools', async (t) => {
  for (const one of await criteriaCases()) {
    const { criterion, fixture, oracle, compared, tolerance } = one;
    await t.test(`${criterion} of ${fixture} as ${oracle} has it: ${compared}`, async () => {
      const difference = await one.measure();
      assert.ok(difference <= tolerance, `${difference}, allowed ${tolerance}`);
    });
  }
});
