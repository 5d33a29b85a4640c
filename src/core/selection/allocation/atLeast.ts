/**
 * Counts that are nowhere below others, with the same sum where that can be: what is added in one place is taken
 * where most is above the least, one by one. For the ones by which rounding may favour another layer as a total
 * grows (the Alabama paradox).
 */
export function atLeast(counts: readonly number[], least: readonly number[]): readonly number[] {
  const raised = counts.map((count, i) => Math.max(count, least[i] ?? 0));
  const room = (i: number): number => (raised[i] ?? 0) - (least[i] ?? 0);
  let excess = raised.reduce((sum, count, i) => sum + count - (counts[i] ?? 0), 0);
  for (; excess > 0; excess--) {
    const widest = raised.reduce((best, _, i) => (room(i) > room(best) ? i : best), 0);
    if (room(widest) <= 0) break;
    raised[widest] = (raised[widest] ?? 0) - 1;
  }
  return raised;
}
