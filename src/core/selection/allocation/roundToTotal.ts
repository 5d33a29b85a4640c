/**
 * Whole numbers beside real ones, with a given sum: all are rounded down, and those with the largest rests get
 * one more (of equal rests the first), as far as their limits go. Source: the largest remainder method
 * (Hamilton).
 * @param shares from 0 to their limits; their sum is `total` up to rounding errors
 * @param limits whole numbers
 */
export function roundToTotal(
  shares: readonly number[],
  limits: readonly number[],
  total: number,
): number[] {
  const counts = shares.map((share, i) => Math.min(Math.max(0, Math.floor(share)), limits[i] ?? 0));
  let left = total - counts.reduce((sum, count) => sum + count, 0);
  const step = Math.sign(left);
  const rest = (i: number): number => (shares[i] ?? 0) - (counts[i] ?? 0);
  const byRest = shares.map((_, i) => i).sort((a, b) => step * (rest(b) - rest(a)) || a - b);
  // More than one round is only needed where limits cut off shares that were above them.
  while (left !== 0) {
    const before = left;
    for (const i of byRest) {
      const count = (counts[i] ?? 0) + step;
      if (left === 0 || count < 0 || count > (limits[i] ?? 0)) continue;
      counts[i] = count;
      left -= step;
    }
    if (left === before) break;
  }
  return counts;
}
