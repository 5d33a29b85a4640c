import assert from 'node:assert/strict';
import { test } from 'node:test';
import { increasingRoot } from '../../../webview/prediction/increasingRoot';

/** The root of f - target over [0, 1], and how often the function was asked. */
function rootOf(f: (x: number) => number, target: number): { root: number; asked: number } {
  let asked = 0;
  const value = (x: number) => {
    asked++;
    return f(x) - target;
  };
  const bracket = { low: 0, high: 1, atLow: f(0) - target, atHigh: f(1) - target };
  return { root: increasingRoot(value, bracket), asked };
}

test('a straight line is hit at once', () => {
  assert.deepEqual(
    rootOf((x) => 1000 * x, 250),
    { root: 0.25, asked: 1 },
  );
});

test('a bent curve is hit in few steps', () => {
  for (const power of [0.1, 0.5, 3, 12]) {
    const { root, asked } = rootOf((x) => 1e6 * x ** power, 5e5);
    assert.ok(Math.abs(1e6 * root ** power - 5e5) < 0.5);
    assert.ok(asked <= 24, `${asked} steps for the power ${power}`);
  }
});

test('a jump over the target ends at the jump', () => {
  const { root } = rootOf((x) => (x < 0.3 ? 0 : 1000), 500);
  assert.ok(Math.abs(root - 0.3) < 1e-3);
});
