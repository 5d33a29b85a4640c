/** Column indices of a sparse matrix. */
export type ColumnIndices = Int32Array | Float64Array;

/**
 * The column of each marked element of a run of a matrix, the run beginning at `column` of a row.
 * @param flags 1 for each marked element
 * @param target as many as are marked
 */
export function columnsOfKept(
  flags: Uint8Array,
  place: { readonly column: number; readonly columns: number },
  target: ColumnIndices,
): void {
  const { columns } = place;
  let { column } = place;
  let filled = 0;
  for (let i = 0; i < flags.length; i++) {
    if (flags[i] !== 0) target[filled++] = column;
    if (++column === columns) column = 0;
  }
}

/** A run of a sparse matrix: whole rows but for the first and the last. */
export interface CsrRun {
  readonly columns: number;
  /** The column at which the run begins. */
  readonly column: number;
  /** For each row where its entries end, counted from the first one of the run. */
  readonly rowEnds: Float64Array;
  readonly indices: ColumnIndices;
  /** The entries' bytes. */
  readonly values: Uint8Array;
  readonly elementBytes: number;
}

/** What {@link scatterRows} found. */
export interface ScatteredRows {
  /** Entries that lie in the run; the next ones belong to what follows it. */
  readonly taken: number;
  /** The entry whose column is none of its row, or not behind the one before it; -1 where all are in order. */
  readonly wrong: number;
}

/** Fills `target` with the elements of a run, zero bytes where there is no entry. O(elements). */
export function scatterRows(run: CsrRun, target: Uint8Array): ScatteredRows {
  const { columns, rowEnds, indices, values, elementBytes } = run;
  const count = target.length / elementBytes;
  target.fill(0);
  let entry = 0;
  let lowest = run.column;
  let rowStart = -run.column;
  for (let row = 0; row < rowEnds.length; row++) {
    for (const end = Math.min(rowEnds[row], indices.length); entry < end; entry++) {
      const column = indices[entry];
      if (column < lowest || column >= columns) return { taken: entry, wrong: entry };
      if (rowStart + column >= count) return { taken: entry, wrong: -1 };
      const at = (rowStart + column) * elementBytes;
      const from = entry * elementBytes;
      for (let byte = 0; byte < elementBytes; byte++) target[at + byte] = values[from + byte];
      lowest = column + 1;
    }
    lowest = 0;
    rowStart += columns;
  }
  return { taken: entry, wrong: -1 };
}
