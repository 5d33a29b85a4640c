import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announcementOf } from '../../webview/announcement';
import { heard, openedPanel } from './panelFixtures';

test('the prediction is spoken with its numbers', () => {
  assert.equal(
    announcementOf(openedPanel()),
    '1,000 of 2,000 weights would be set to zero, sparsity 50.0\u00a0%',
  );
});

test('progress is spoken at each tenth, not at each report', () => {
  const at = (done: number) => {
    const report = { phase: 'write', done, total: 100 } as const;
    return announcementOf(heard([{ type: 'progress', task: 'prune', report }], openedPanel()));
  };
  assert.equal(at(41), 'Pruning, 40 %');
  assert.equal(at(41), at(49));
  assert.notEqual(at(49), at(50));
});

test('a cancelled job is said to be so', () => {
  const state = heard([{ type: 'cancelled', task: 'prune' }], openedPanel());
  assert.equal(announcementOf(state), 'Cancelled.');
});
