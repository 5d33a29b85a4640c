/** Rows of one pass, each behind the number of its filter. */
export interface FilteredRows {
  readonly rows: number;
  /** Without the filter's byte. */
  readonly rowBytes: number;
  /** Bytes of a whole pixel, at least one. */
  readonly pixelBytes: number;
}

/**
 * Undoes the filters in place. Source: PNG specification, section 9.
 * @returns the number of a filter that there is not; null where all are known.
 */
export function unfilterRows(
  bytes: Uint8Array,
  { rows, rowBytes, pixelBytes }: FilteredRows,
): number | null {
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1) + 1;
    const filter = bytes[start - 1] ?? 0;
    if (filter > 4) return filter;
    if (filter === 0) continue;
    const above = row === 0 ? -1 : start - rowBytes - 1;
    for (let i = 0; i < rowBytes; i++) {
      const left = i < pixelBytes ? 0 : (bytes[start + i - pixelBytes] ?? 0);
      const up = above === -1 ? 0 : (bytes[above + i] ?? 0);
      const corner = above === -1 || i < pixelBytes ? 0 : (bytes[above + i - pixelBytes] ?? 0);
      bytes[start + i] = (bytes[start + i] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return null;
}

/** The number that was taken away; the sum is kept modulo 256 by the array. */
function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    default:
      return paeth(left, up, corner);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
