import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CriterionCase } from './criterionCase';

/**
 * Tests each comparison with the numbers of other tools in test/fixtures/oracles/pruning;
 * docs/criteria-oracles.md lists the same.
 */
export function testCriteria(title: string, cases: () => Promise<readonly CriterionCase[]>): void {
  test(title, async (t) => {
    for (const one of await cases()) {
      const { criterion, fixture, oracle, compared, tolerance } = one;
      await t.test(`${criterion} of ${fixture} as ${oracle} has it: ${compared}`, async () => {
        const difference = await one.measure();
        assert.ok(difference <= tolerance, `${difference}, allowed ${tolerance}`);
      });
    }
  });
}
