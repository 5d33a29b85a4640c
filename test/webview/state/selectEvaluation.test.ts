import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostToPanel } from '../../../src/protocol/hostWebview';
import { measuredSizes, selectEvaluation } from '../../../webview/state/selectEvaluation';
import { withSparsity } from '../../../webview/state/targetEdits';
import { acted, heard, openedPanel, planOf, recipeWith } from '../panelFixtures';

const before = { samples: 100, accuracy: 0.9, loss: 0.3, lossKind: 'ce' } as const;
const after = { ...before, accuracy: 0.8 };
const sizes = { rawBefore: 9, rawAfter: 9, gzipBefore: 8, gzipAfter: 4 };

const evaluation = (revision: number): HostToPanel => ({
  type: 'evaluation',
  before,
  after,
  comparison: null,
  revision,
});

function result(revision: number): HostToPanel {
  const { totals, warnings } = planOf({ a: 600, b: 400 });
  const pair = { before, after: { ...after, accuracy: 0.7 } };
  const report = { layers: [], totals, sizes, evaluation: pair, warnings };
  const told = { report, outputName: '', outputFolder: '', command: '' };
  return { type: 'result', result: told, revision };
}

test('an evaluation is of the plan until the plan is changed', () => {
  const evaluated = heard([evaluation(1)], openedPanel());
  assert.equal(selectEvaluation(evaluated)?.isStale, false);
  const draft = withSparsity(recipeWith({}), 0.6);
  const { state } = acted(evaluated, [{ type: 'draft', recipe: draft }]);
  assert.equal(selectEvaluation(state)?.isStale, true);
  const reverted = acted(state, [{ type: 'revert' }]).state;
  assert.equal(selectEvaluation(reverted)?.isStale, false);
});

test("a prune's own evaluation is shown where it is the newer one", () => {
  assert.equal(
    selectEvaluation(heard([evaluation(1), result(1)], openedPanel()))?.after?.accuracy,
    0.7,
  );
  const recipe = recipeWith({ sparsity: 0.6 });
  const changed = { type: 'recipe', recipe, revision: 2, canUndo: true } as const;
  const newer = heard([result(1), changed, evaluation(2)], openedPanel());
  assert.equal(selectEvaluation(newer)?.after?.accuracy, 0.8);
});

test('compressed sizes are known only of the very plan that was pruned', () => {
  const pruned = heard([result(1)], openedPanel());
  assert.deepEqual(measuredSizes(pruned), sizes);
  const recipe = recipeWith({ sparsity: 0.6 });
  const changed = heard([{ type: 'recipe', recipe, revision: 2, canUndo: true }], pruned);
  assert.equal(measuredSizes(changed), null);
});

test('sizes that came with an evaluation are taken, too', () => {
  const message = {
    type: 'evaluation',
    before,
    after,
    comparison: null,
    revision: 1,
    sizes,
  } as const;
  assert.deepEqual(measuredSizes(heard([message], openedPanel())), sizes);
});
