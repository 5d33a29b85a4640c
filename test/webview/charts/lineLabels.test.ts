import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadLabels } from '../../../webview/charts/lineLabels';

const ROOM = { spacing: 14, top: 10, bottom: 200 };

test('labels that have room stay at the ends of their lines', () => {
  assert.deepEqual(spreadLabels([{ y: 50 }, { y: 100 }, { y: 20 }], ROOM), [50, 100, 20]);
});

test('labels never stand nearer than the spacing, and keep the order of their lines', () => {
  const labels = [180, 12, 14, 13, 199, 198, 197].map((y) => ({ y }));
  const placed = spreadLabels(labels, ROOM);
  const order = labels.map((_, index) => index).sort((a, b) => (placed[a] ?? 0) - (placed[b] ?? 0));
  assert.deepEqual(order, [1, 3, 2, 0, 6, 5, 4]);
  const sorted = order.map((index) => placed[index] ?? 0);
  sorted.slice(1).forEach((y, index) => assert.ok(y - (sorted[index] ?? 0) >= ROOM.spacing - 1e-9));
  assert.ok(Math.max(...placed) <= ROOM.bottom && Math.min(...placed) >= ROOM.top);
});
