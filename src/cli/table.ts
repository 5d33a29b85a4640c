export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly align: 'left' | 'right';
}

/** Rows of text in columns as wide as their widest cell. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const text = lines.map((line) =>
    columns
      .map(({ align }, i) => pad(line[i] ?? '', widths[i] ?? 0, align))
      .join('  ')
      .trimEnd(),
  );
  return `${text.join('\n')}\n`;
}

function pad(cell: string, width: number, align: Column['align']): string {
  return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
}
