/**
 * The value below which a share of sorted values lies, between two of them in proportion (type 7 of Hyndman
 * and Fan, Sample quantiles in statistical packages, 1996; NumPy's default).
 * @param sorted ascending; not empty
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const place = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? NaN;
  return low + (high - low) * (place - below);
}
