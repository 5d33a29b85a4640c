import { UnsupportedError } from '../../core/errors';
import {
  decodeValues,
  isNumeric,
  makeDecodeScratch,
  type Values,
} from '../../core/model/decodeValues';
import type { Model, TensorEntry } from '../../core/model/model';
import { readTensorValues } from '../../core/model/readTensor';
import { readTensorBytes } from '../../core/model/streamTensor';
import { SCAN_ELEMENTS } from './limits';

/** An array whose first axis counts samples, read by rows. */
export interface RowSource {
  readonly name: string;
  /** As the file calls it. */
  readonly dtype: string;
  readonly rowCount: number;
  readonly sampleShape: readonly number[];
  /** Rows `from` up to, not with, `to`; the values are only valid until the next call. */
  readRows(from: number, to: number): Promise<Values>;
}

/** Values of one row. */
export function elementsPerRow({ sampleShape }: RowSource): number {
  return sampleShape.reduce((product, size) => product * size, 1);
}

/**
 * Calls `visit` with all rows of the range, some at a time.
 * @returns when all were visited, or as soon as `visit` answers false.
 */
export async function visitRows(
  source: RowSource,
  range: { readonly from: number; readonly to: number },
  visit: (values: Values, firstRow: number) => boolean,
): Promise<void> {
  const step = Math.max(1, Math.floor(SCAN_ELEMENTS / Math.max(1, elementsPerRow(source))));
  for (let row = range.from; row < range.to; row += step) {
    const values = await source.readRows(row, Math.min(range.to, row + step));
    if (!visit(values, row)) return;
  }
}

/**
 * An array of an npz by rows: read by ranges, or for one in Fortran order from memory.
 * @throws UnsupportedError for a single value, and for elements that are no real numbers.
 */
export function tensorRows(model: Model, tensor: TensorEntry): RowSource {
  const [rowCount, ...sampleShape] = tensor.shape;
  if (rowCount === undefined || !isNumeric(tensor.dtype)) {
    throw new UnsupportedError({
      feature: `data array ${tensor.name}`,
      found: rowCount === undefined ? 'a single value' : (tensor.dtypeLabel ?? tensor.dtype),
      supported: 'arrays of numbers whose first axis counts samples',
    });
  }
  const base = { name: tensor.name, dtype: tensor.dtype, rowCount, sampleShape };
  const elements = sampleShape.reduce((product, size) => product * size, 1);
  return {
    ...base,
    readRows:
      tensor.storageOrder !== null
        ? rowsInMemory(model, tensor, elements)
        : rowsByRange(model, tensor, elements),
  };
}

function rowsByRange(model: Model, tensor: TensorEntry, elements: number): RowSource['readRows'] {
  const rowBytes = elements * tensor.storedElementBytes;
  const scratch = makeDecodeScratch();
  let buffer = new ArrayBuffer(0);
  return async (from, to) => {
    const byteLength = (to - from) * rowBytes;
    if (buffer.byteLength < byteLength) buffer = new ArrayBuffer(byteLength);
    const bytes = new Uint8Array(buffer, 0, byteLength);
    await readTensorBytes(model, tensor, from * rowBytes, bytes);
    return decodeValues(tensor, bytes, scratch);
  };
}

function rowsInMemory(model: Model, tensor: TensorEntry, elements: number): RowSource['readRows'] {
  let values: Promise<Values> | null = null;
  return async (from, to) => {
    values ??= readTensorValues(model, tensor);
    return (await values).subarray(from * elements, to * elements);
  };
}
