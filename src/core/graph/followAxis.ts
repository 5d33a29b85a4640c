import type { GraphNode } from './graph';
import { productOf, type Shape } from './shapes/valueFacts';

/** An axis of a value. */
export interface ValueAxis {
  readonly value: string;
  readonly axis: number;
}

/** What a node made: its first output and the shapes around it. */
export interface MadeValue {
  readonly node: GraphNode;
  readonly value: string;
  readonly from: Shape;
  readonly to: Shape;
}

/**
 * Where an axis is after a node that moves axes or works on each element; null where it is gone, or where
 * what lies along it is no longer the same.
 */
export function followAxis({ node, from, to }: MadeValue, axis: number): number | null {
  const { operator } = node;
  if (operator.kind === 'transpose') return found(operator.permutation.indexOf(axis));
  if (operator.kind !== 'reshape' && operator.kind !== 'flatten') {
    return from.length === to.length && from[axis] === to[axis] ? axis : null;
  }
  const inner = productOf(from.slice(axis + 1));
  return found(
    to.findIndex((size, i) => size === from[axis] && productOf(to.slice(i + 1)) === inner),
  );
}

function found(axis: number): number | null {
  return axis < 0 ? null : axis;
}
