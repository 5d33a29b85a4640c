/** One comparison of the product with numbers of another tool: a row of docs/criteria-oracles.md and a test. */
export interface CriterionCase {
  /** A criterion, or what else is compared, e.g. `2:4`. */
  readonly criterion: string;
  /** Below test/fixtures. */
  readonly fixture: string;
  /** Below test/fixtures/oracles/pruning, without its ending. */
  readonly oracle: string;
  readonly compared: string;
  /** Of {@link measure}; 0 where everything must be the same. */
  readonly tolerance: number;
  /** The worst relative difference, or how many counts, masks or indices are others. */
  measure(): Promise<number>;
}

/** Of numbers that float32 gradients or activations enter, and of all others. */
export const SINGLE = 1e-3;
export const DOUBLE = 1e-6;
export const EXACT = 0;

/** Below this share of an array's norm single precision tells nothing of an element (see assertClose). */
const ROUNDING = 1e-6;

/**
 * The largest relative difference of two arrays; what lies within rounding of the array's norm counts as equal.
 * Infinity where their sizes differ or a number is none.
 * @param rounding share of the norm that is rounding; 0 where only double precision is in play
 */
export function relativeDifference(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  rounding = 0,
): number {
  if (found.length !== expected.length) return Infinity;
  const norm = Math.sqrt(Array.from(expected).reduce((sum, value) => sum + value * value, 0));
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i]! - expected[i]!);
    if (Number.isNaN(difference)) return Infinity;
    if (difference <= rounding * norm) continue;
    worst = Math.max(worst, difference / Math.abs(expected[i]!));
  }
  return worst;
}

/** As {@link relativeDifference}, of numbers that were computed in single precision. */
export function singleDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return relativeDifference(found, expected, ROUNDING);
}

/** How many of the pairs differ. */
export function countOther(pairs: readonly (readonly [unknown, unknown])[]): number {
  return pairs.filter(([found, expected]) => JSON.stringify(found) !== JSON.stringify(expected))
    .length;
}

/** The worst of several, measured one after the other. */
export async function worstOf<T>(
  items: Iterable<T>,
  measure: (item: T) => Promise<number>,
): Promise<number> {
  let worst = 0;
  for (const item of items) worst = Math.max(worst, await measure(item));
  return worst;
}

/** Their sum, measured one after the other. */
export async function sumOf<T>(
  items: Iterable<T>,
  measure: (item: T) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (const item of items) sum += await measure(item);
  return sum;
}
