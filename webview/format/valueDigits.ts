/** Decimals of a loss, or another figure without a unit: fewer of a large one, which they only blur. */
export function valueDigits(value: number): number {
  const size = Math.abs(value);
  if (size >= 100) return 1;
  return size >= 10 ? 2 : 4;
}
