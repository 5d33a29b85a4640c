import { UsageError } from '../../core/errors';

/** Rows `from` up to, not with, `to`, both within the data. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows that a recipe means: as a slice in Python, negative numbers count from the end.
 * @throws UsageError where no row is left.
 */
export function resolveRows(
  rows: readonly [number | null, number | null] | undefined,
  rowCount: number,
  name: string,
): RowRange {
  const [first, last] = rows ?? [null, null];
  const from = clamp(first ?? 0, rowCount);
  const to = clamp(last ?? rowCount, rowCount);
  if (from < to) return { from, to };
  if (rowCount === 0) throw new UsageError(`${name}: found no samples; allowed: at least one`);
  const asked = `${first ?? ''}:${last ?? ''}`;
  throw new UsageError(
    `${name}: rows: found ${asked}, which are none of its ${rowCount}; allowed: A:B with A before B, within them`,
  );
}

function clamp(index: number, rowCount: number): number {
  const fromStart = index < 0 ? rowCount + index : index;
  return Math.min(rowCount, Math.max(0, fromStart));
}
