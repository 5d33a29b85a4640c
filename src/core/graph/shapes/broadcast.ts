import type { Alignment } from '../operators/elementwise';
import { type Misfit, type Shape, showShape } from './valueFacts';

/**
 * The shape of two values taken together element by element.
 * @throws what `misfit` makes where sizes differ and neither is 1.
 */
export function broadcastShapes(a: Shape, b: Shape, alignment: Alignment, misfit: Misfit): Shape {
  const rank = Math.max(a.length, b.length);
  const [first, second] = [withRank(a, rank, alignment), withRank(b, rank, alignment)];
  return first.map((size, axis) => {
    const other = second[axis] ?? 1;
    if (size === other || other === 1) return size;
    if (size === 1 || size === -1) return other;
    if (other === -1) return size;
    throw misfit(`inputs of shape ${showShape(a)} and ${showShape(b)}`, 'shapes that agree, or 1');
  });
}

/** The same elements with axes of length 1 added. */
export function withRank(shape: Shape, rank: number, alignment: Alignment): Shape {
  const added = new Array<number>(Math.max(0, rank - shape.length)).fill(1);
  if (alignment === 'leading') return [...added, ...shape];
  const [batch = 1, ...rest] = shape;
  return shape.length === 0 ? added : [batch, ...added, ...rest];
}
