import { FormatError } from '../../core/errors';
import type { Values } from '../../core/model/decodeValues';
import type { InputTraits } from './modelTraits';
import type { RowList } from './rowList';

/**
 * Inputs of whole numbers must be such, and rows of an embedding must be there: TensorFlow.js would read
 * elsewhere in memory or give zeros.
 * @throws FormatError naming the row, the number found and what is allowed.
 */
export function assertIndices(
  values: Values,
  context: { readonly place: string; readonly traits: InputTraits; readonly rows: RowList },
): void {
  const { type, indexLimit, name } = context.traits;
  if (type === 'float32' && indexLimit === null) return;
  const limit = indexLimit ?? Infinity;
  const bad = values.findIndex(
    (value) => !Number.isInteger(value) || value >= limit || (indexLimit !== null && value < 0),
  );
  if (bad === -1) return;
  const perRow = values.length / context.rows.count;
  throw new FormatError({
    format: 'data',
    place: `${context.place}, row ${context.rows.at(Math.floor(bad / perRow))}, element ${bad % perRow}`,
    found: String(values[bad]),
    allowed:
      indexLimit === null
        ? `whole numbers, which the input ${name} takes`
        : `whole numbers from 0 to ${limit - 1}, the rows of the embedding that the input ${name} chooses from`,
  });
}
