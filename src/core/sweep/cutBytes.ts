import type { PlanEntry } from '../report/plan';

/** What the cuts of one plan take in memory, and on their way to a compute child. */
export function cutBytes(entries: readonly PlanEntry[]): number {
  return entries.reduce(
    (sum, { cut }) =>
      sum +
      (cut.mask?.byteLength ?? 0) +
      (cut.values?.byteLength ?? 0) +
      cut.zeroedUnits.length * Float64Array.BYTES_PER_ELEMENT,
    0,
  );
}
