import { UsageError } from '../../core/errors';
import type { Values } from '../../core/model/decodeValues';
import { MAX_SHUFFLED_ELEMENTS } from './limits';
import { RowList } from './rowList';
import { elementsPerRow, readSelected, type RowSource } from './rowSource';

/**
 * Rows that can be read in any order: of a file that is read forwards they are kept in memory, from
 * the first row on that is read.
 * @throws UsageError when they would not fit.
 */
export function readableInAnyOrder(source: RowSource, rows: RowList, place: string): RowSource {
  if (source.forwardOnly !== true || rows.isAscending) return source;
  const elements = elementsPerRow(source);
  if (source.rowCount * elements > MAX_SHUFFLED_ELEMENTS) {
    throw new UsageError(
      `${place}: ${source.rowCount} compressed rows of ${elements} numbers in another order; allowed: ${MAX_SHUFFLED_ELEMENTS} numbers in all, or a file that is not compressed`,
    );
  }
  let values: Promise<Values> | null = null;
  return {
    ...source,
    forwardOnly: false,
    readRows: async (from, to) => {
      values ??= readSelected(source, RowList.range({ from: 0, to: source.rowCount }));
      return (await values).subarray(from * elements, to * elements);
    },
  };
}
