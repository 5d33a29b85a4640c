import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelState } from '../../../webview/state/panelState';
import { selectRow } from '../../../webview/state/selectRows';
import { losesUnits, selectUnits, selectWantedUnits } from '../../../webview/state/selectUnits';
import { acted, heard, openedPanel, planOf } from '../panelFixtures';

const UNITS = { tensor: 'a/kernel', unitCount: 4, units: [0, 1, 2, 3], scores: [3, null, 1, 2] };

/** The plan takes units 2 and 3 of layer `a`. */
function byUnits(state = openedPanel({ criterion: 'l1-norm', granularity: 'unit' })): PanelState {
  const plan = planOf({ a: 500, b: 0 });
  const [first, ...others] = plan.entries;
  assert.ok(first);
  const entry = {
    ...first,
    threshold: 2,
    cut: { ...first.cut, threshold: null, zeroedUnits: [2, 3] },
  };
  const planned = { ...plan, entries: [entry, ...others] };
  return heard([{ type: 'plan', plan: planned, revision: 1 }], state);
}

function answered(state: PanelState, revision = 1): PanelState {
  return heard([{ type: 'unitScores', tensor: 'a/kernel', units: UNITS, revision }], state);
}

function unitsOf(state: PanelState): ReturnType<typeof selectUnits> {
  const row = selectRow(state, 'a');
  assert.ok(row);
  return selectUnits(state, row);
}

test('unit scores are asked for where whole units go, and only until they are known', () => {
  assert.equal(selectWantedUnits(openedPanel()), null);
  const state = byUnits();
  assert.equal(selectWantedUnits(state), 'a/kernel');
  assert.equal(selectWantedUnits(answered(state)), null);
  const elsewhere = acted(answered(state), [{ type: 'select', layer: 'b' }]).state;
  assert.equal(selectWantedUnits(elsewhere), 'b/kernel');
});

test('scores of an earlier plan are not shown, and are asked for again', () => {
  assert.equal(selectWantedUnits(answered(byUnits(), 0)), 'a/kernel');
  assert.equal(unitsOf(answered(byUnits(), 0)), null);
  assert.equal(selectWantedUnits(byUnits(answered(byUnits()))), 'a/kernel');
});

test('units stand by their scores, those without one last, or in their own order', () => {
  const state = answered(byUnits());
  const order = (one: PanelState) => unitsOf(one)?.units.map(({ unit }) => unit);
  assert.deepEqual(order(state), [2, 3, 0, 1]);
  const { state: unsorted } = acted(state, [{ type: 'toggle', what: 'unitsSorted' }]);
  assert.deepEqual(order(unsorted), [0, 1, 2, 3]);
});

test('the units that the plan takes are marked, with the largest score that goes', () => {
  const ranked = unitsOf(answered(byUnits()));
  assert.ok(ranked);
  assert.deepEqual(
    ranked.units.filter(({ isPruned }) => isPruned).map(({ unit }) => unit),
    [2, 3],
  );
  assert.deepEqual([ranked.prunedCount, ranked.unitCount, ranked.threshold], [2, 4, 2]);
});

test('single weights, and what a mask says, have no unit scores', () => {
  for (const recipe of [{}, { granularity: 'unit', mask: '/m.npz' } as const]) {
    const state = openedPanel(recipe);
    const row = selectRow(state, 'a');
    assert.ok(row);
    assert.equal(losesUnits(state, row), false);
  }
});
