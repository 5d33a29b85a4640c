import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectNotices } from '../../../webview/state/selectNotices';
import { evenStatistics, heard, openedPanel } from '../panelFixtures';

test('weights that are not finite are a notice as soon as they are read', () => {
  const view = evenStatistics('a/kernel', 1);
  const broken = { ...view, statistics: { ...view.statistics, nonFinite: 3 } };
  const state = heard([{ type: 'statistics', statistics: [broken] }], openedPanel());
  assert.deepEqual(selectNotices(state), [
    {
      code: 'non-finite',
      message: 'a/kernel holds 3 NaN or infinite values, which are never pruned.',
    },
  ]);
  assert.deepEqual(selectNotices(openedPanel()), []);
});
