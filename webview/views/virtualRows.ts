/** Height of a row of a list, in pixels; the style sheet has the same. */
export const ROW_HEIGHT = 22;
/** Rows drawn beyond both edges, so that a fast scroll does not show a gap for a frame. */
const OVERSCAN = 8;

/** The rows of a long list that are drawn: from `first` up to, not with, `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Which of `count` rows are in sight, with some more at both edges. */
export function visibleRows(count: number, scrollTop: number, height: number): RowRange {
  const first = Math.floor(scrollTop / ROW_HEIGHT) - OVERSCAN;
  const end = Math.ceil((scrollTop + height) / ROW_HEIGHT) + OVERSCAN;
  const last = Math.min(count, Math.max(0, end));
  return { first: Math.max(0, Math.min(first, last)), end: last };
}

/** The most rows that are ever drawn in a list of this height. */
export function rowCapacity(height: number): number {
  return Math.ceil(height / ROW_HEIGHT) + 2 * OVERSCAN + 1;
}

/** Where to scroll so that a row is wholly in sight; where it is already, nothing moves. */
export function scrollToRow(index: number, scrollTop: number, height: number): number {
  const top = index * ROW_HEIGHT;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + ROW_HEIGHT - height);
}

/** Where a key moves the selection to; -1 for the header, null where it does not move it. */
export function movedIndex(
  key: string,
  index: number,
  count: number,
  height: number,
): number | null {
  const last = count - 1;
  const page = Math.max(1, Math.floor(height / ROW_HEIGHT) - 1);
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(-1, index - 1);
    case 'PageDown':
      return Math.min(last, index + page);
    case 'PageUp':
      return Math.max(0, index - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
