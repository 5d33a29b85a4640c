import type { ChartCursor } from './panelState';
import type { Curve } from './selectCurves';

type Drawn = Pick<Curve, 'points'>;

/**
 * Where a key moves the cursor of a chart of curves: left and right along a curve, up and down to the next
 * one at the same place, Home and End to its ends, Escape away. undefined for other keys.
 */
export function steppedCursor(
  key: string,
  cursor: ChartCursor | null,
  curves: readonly Drawn[],
): ChartCursor | null | undefined {
  if (key === 'Escape') return cursor === null ? undefined : null;
  if (!KEYS.includes(key)) return undefined;
  const drawn = curves.flatMap(({ points }, curve) => (points.length === 0 ? [] : [curve]));
  const [first] = drawn;
  if (first === undefined) return undefined;
  if (cursor === null || !drawn.includes(cursor.curve)) return cursorAt(curves, first, 0);
  const { points = [] } = curves[cursor.curve] ?? {};
  const index = points.findIndex(({ sparsity }) => sparsity === cursor.sparsity);
  switch (key) {
    case 'ArrowRight':
      return cursorAt(curves, cursor.curve, index + 1);
    case 'ArrowLeft':
      return cursorAt(curves, cursor.curve, index - 1);
    case 'Home':
      return cursorAt(curves, cursor.curve, 0);
    case 'End':
      return cursorAt(curves, cursor.curve, points.length - 1);
    default: {
      const step = key === 'ArrowDown' ? 1 : -1;
      const next = drawn[(drawn.indexOf(cursor.curve) + step + drawn.length) % drawn.length];
      return nearestSparsity(curves, next ?? first, cursor.sparsity);
    }
  }
}

const KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

function cursorAt(curves: readonly Drawn[], curve: number, index: number): ChartCursor | null {
  const { points = [] } = curves[curve] ?? {};
  const point = points[Math.min(points.length - 1, Math.max(0, index))];
  return point === undefined ? null : { curve, sparsity: point.sparsity };
}

function nearestSparsity(
  curves: readonly Drawn[],
  curve: number,
  sparsity: number,
): ChartCursor | null {
  const { points = [] } = curves[curve] ?? {};
  const distance = (index: number) => Math.abs((points[index]?.sparsity ?? 0) - sparsity);
  const nearest = points.reduce(
    (best, _, index) => (distance(index) < distance(best) ? index : best),
    0,
  );
  return cursorAt(curves, curve, nearest);
}

/** The point of a chart that is nearest to a place in it; null where there is none. */
export function nearestPoint(
  curves: readonly Drawn[],
  at: { readonly x: number; readonly y: number },
  scale: { x(share: number): number; y(value: number): number },
): ChartCursor | null {
  let nearest: ChartCursor | null = null;
  let least = Infinity;
  curves.forEach(({ points }, curve) => {
    for (const { sparsity, value } of points) {
      const distance = Math.hypot(scale.x(sparsity) - at.x, scale.y(value) - at.y);
      if (distance >= least) continue;
      least = distance;
      nearest = { curve, sparsity };
    }
  });
  return nearest;
}
