import type { ElementType } from '../graph';

export type Shape = readonly number[];

/** What is known of a value before anything runs. Sizes are -1 where they are open. */
export interface ValueFacts {
  readonly shape: Shape;
  readonly type: ElementType;
}

/** The error to throw where inputs do not fit, with the node named. */
export type Misfit = (found: string, allowed: string) => Error;

export function showShape(shape: Shape): string {
  return `[${shape.map((size) => (size < 0 ? 'any' : String(size))).join(', ')}]`;
}

/** Whether two sizes can be the same: open ones fit everything. */
export function agree(a: number, b: number): boolean {
  return a === b || a < 0 || b < 0;
}

/** -1 where a size is open. */
export function productOf(shape: Shape): number {
  if (shape.includes(0)) return 0;
  return shape.some((size) => size < 0) ? -1 : shape.reduce((product, size) => product * size, 1);
}

/** @throws what `misfit` makes where there is no such axis. */
export function resolveAxis(axis: number, rank: number, misfit: Misfit): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (resolved >= 0 && resolved < rank) return resolved;
  throw misfit(`axis ${axis} of a value with ${rank} axes`, `-${rank} to ${rank - 1}`);
}

/** @throws what `misfit` makes where a size is known and another one is needed. */
export function requireSize(
  found: number | undefined,
  needed: number,
  what: string,
  misfit: Misfit,
): void {
  if (found !== undefined && agree(found, needed)) return;
  throw misfit(`${found ?? 'no'} ${what}`, `${needed}`);
}
