/** A table's row of column headers, worked by the keyboard. */
export interface HeaderRow {
  readonly columnCount: number;
  /** The header the keyboard is on. */
  readonly cell: number;
  /** To another header, or (null) back to the rows. */
  readonly move: (cell: number | null) => void;
  /** By the header's column, where it can be sorted. */
  readonly sort: () => void;
}

/** Arrows move between headers, Enter and Space sort. @returns whether the key meant something */
export function onHeaderRowKey(key: string, row: HeaderRow): boolean {
  switch (key) {
    case 'ArrowRight':
      row.move(Math.min(row.columnCount - 1, row.cell + 1));
      return true;
    case 'ArrowLeft':
      row.move(Math.max(0, row.cell - 1));
      return true;
    case 'ArrowDown':
    case 'Escape':
      row.move(null);
      return true;
    case 'Enter':
    case ' ':
      row.sort();
      return true;
    default:
      return false;
  }
}
