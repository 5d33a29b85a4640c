/** Sums neighbouring bins to `count` bins. The number of bins must be a multiple of `count`. */
export function rebin(bins: readonly number[], count: number): readonly number[] {
  const size = bins.length / count;
  return Array.from({ length: count }, (_, index) => {
    let sum = 0;
    for (let bin = index * size; bin < (index + 1) * size; bin++) sum += bins[bin] ?? 0;
    return sum;
  });
}
