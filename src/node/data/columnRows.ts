import { elementsPerRow, type RowSource } from './rowSource';

/** Columns of one number a row side by side, as one sample a row; a single field as it is. */
export function columnsSideBySide(columns: readonly RowSource[]): RowSource {
  const [only] = columns;
  if (only === undefined) throw new Error('there is at least one column');
  if (columns.length === 1 && only.sampleShape.length > 0) return only;
  const widths = columns.map(elementsPerRow);
  const width = widths.reduce((sum, count) => sum + count, 0);
  return {
    name: columns.length === 1 ? `column ${only.name}` : `${columns.length} columns`,
    dtype: only.dtype,
    rowCount: only.rowCount,
    sampleShape: [width],
    forwardOnly: columns.some(({ forwardOnly }) => forwardOnly === true),
    async readRows(from, to) {
      const rows = new Float64Array((to - from) * width);
      let start = 0;
      for (const [i, column] of columns.entries()) {
        const count = widths[i] ?? 1;
        const values = await column.readRows(from, to);
        values.forEach((value, at) => {
          rows[Math.floor(at / count) * width + start + (at % count)] = value;
        });
        start += count;
      }
      return rows;
    },
  };
}
