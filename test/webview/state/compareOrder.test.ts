import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialCompareForm } from '../../../webview/state/compareForm';
import {
  compareOrder,
  comparedSparsities,
  MAX_LEVELS,
  withCompared,
} from '../../../webview/state/compareOrder';
import { acted, openedPanel } from '../panelFixtures';

test('sparsities go from the lowest to the highest by steps, whichever was typed first', () => {
  const form = { ...initialCompareForm, from: 0.9, to: 0.5, step: 0.1 };
  assert.deepEqual(comparedSparsities(form), [0.5, 0.6, 0.7, 0.8, 0.9]);
  assert.deepEqual(comparedSparsities({ ...form, from: 0.7, to: 0.7 }), [0.7]);
});

test('there are never more sparsities than make a curve clearer', () => {
  const form = { ...initialCompareForm, from: 0, to: 1, step: 0.0001 };
  assert.equal(comparedSparsities(form).length, MAX_LEVELS);
});

test('what cannot be used on this model and data is not compared', () => {
  const methods = compareOrder(openedPanel()).methods;
  assert.deepEqual(methods, [{ criterion: 'magnitude' }, { criterion: 'lamp' }]);
});

test('a criterion is taken in and left out again, and Compare asks for the rest', () => {
  const opened = openedPanel();
  const form = withCompared(opened, 'random', true);
  const { state } = acted(opened, [{ type: 'compareForm', form }]);
  const without = withCompared(state, 'lamp', false);
  const next = acted(state, [{ type: 'compareForm', form: without }]).state;
  const order = compareOrder(next);
  assert.deepEqual(order.methods, [{ criterion: 'magnitude' }, { criterion: 'random' }]);
  assert.deepEqual(acted(next, [{ type: 'sweep', order }]).send, [{ type: 'sweep', ...order }]);
});
