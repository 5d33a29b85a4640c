/**
 * Adds the Euclidean distance of row `unit` from each row after it to the sums of both.
 * @param rows of `size` numbers each
 */
export function addDistancesInPlace(
  sums: Float64Array,
  rows: Float64Array,
  { unit, size }: { readonly unit: number; readonly size: number },
): void {
  const first = unit * size;
  let own = 0;
  for (let other = unit + 1; other < sums.length; other++) {
    const start = other * size;
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const difference = rows[first + i] - rows[start + i];
      squares += difference * difference;
    }
    const distance = Math.sqrt(squares);
    own += distance;
    sums[other] += distance;
  }
  sums[unit] += own;
}
