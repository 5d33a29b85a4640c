import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestPoint, steppedCursor } from '../../../webview/state/stepCursor';

const point = (sparsity: number, value: number) => {
  return { sparsity, value, low: value, high: value, difference: 0 };
};

const CURVES = [
  { points: [point(0.5, 0.9), point(0.7, 0.8), point(0.9, 0.4)] },
  { points: [] },
  { points: [point(0.5, 0.85), point(0.9, 0.2)] },
];

test('the first key goes to the first point, and arrows stop at the ends of a curve', () => {
  const first = steppedCursor('ArrowRight', null, CURVES);
  assert.deepEqual(first, { curve: 0, sparsity: 0.5 });
  assert.deepEqual(steppedCursor('ArrowLeft', { curve: 0, sparsity: 0.5 }, CURVES), first);
  const last = { curve: 0, sparsity: 0.9 };
  assert.deepEqual(steppedCursor('End', { curve: 0, sparsity: 0.5 }, CURVES), last);
  assert.deepEqual(steppedCursor('ArrowRight', last, CURVES), last);
});

test('up and down go to the next curve that has points, at the nearest sparsity', () => {
  const middle = { curve: 0, sparsity: 0.7 };
  const below = steppedCursor('ArrowDown', { curve: 0, sparsity: 0.9 }, CURVES);
  assert.deepEqual(below, { curve: 2, sparsity: 0.9 });
  assert.equal(steppedCursor('ArrowUp', middle, CURVES)?.curve, 2);
});

test('Escape takes the cursor away, and other keys are left to the page', () => {
  assert.equal(steppedCursor('Escape', { curve: 0, sparsity: 0.5 }, CURVES), null);
  assert.equal(steppedCursor('Escape', null, CURVES), undefined);
  assert.equal(steppedCursor('a', null, CURVES), undefined);
  assert.equal(steppedCursor('ArrowRight', null, [{ points: [] }]), undefined);
});

test('the pointer is on the nearest point of all curves', () => {
  const scale = { x: (share: number) => share * 100, y: (value: number) => 100 - value * 100 };
  const at = { x: 88, y: 79 };
  assert.deepEqual(nearestPoint(CURVES, at, scale), { curve: 2, sparsity: 0.9 });
  assert.equal(nearestPoint([], at, scale), null);
});
