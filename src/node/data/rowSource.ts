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
import { RowList } from './rowList';

/** An array whose first axis counts samples, read by rows. */
export interface RowSource {
  readonly name: string;
  /** As the file calls it. */
  readonly dtype: string;
  readonly rowCount: number;
  readonly sampleShape: readonly number[];
  /** Pictures, whose axes are known to be height, width and channels. */
  readonly layout?: 'nhwc';
  /** Reading a row that lies before the last one starts again from the file's beginning. */
  readonly forwardOnly?: boolean;
  /** Rows `from` up to, not with, `to`; the values are only valid until the next call. */
  readRows(from: number, to: number): Promise<Values>;
}

/** Values of one row. */
export function elementsPerRow({ sampleShape }: RowSource): number {
  return sampleShape.reduce((product, size) => product * size, 1);
}

/** Calls `visit` with all rows, some at a time, until it answers false. */
export function visitRows(
  source: RowSource,
  visit: (values: Values, firstRow: number) => boolean,
): Promise<void> {
  return visitSelected(source, RowList.range({ from: 0, to: source.rowCount }), visit);
}

/** Calls `visit` with the given rows in their order, some at a time, until it answers false. */
export async function visitSelected(
  source: RowSource,
  rows: RowList,
  visit: (values: Values, firstSample: number) => boolean,
): Promise<void> {
  const step = Math.max(1, Math.floor(SCAN_ELEMENTS / Math.max(1, elementsPerRow(source))));
  for (let sample = 0; sample < rows.count; sample += step) {
    const to = Math.min(rows.count, sample + step);
    if (!visit(await readSelected(source, rows.slice(sample, to)), sample)) return;
  }
}

/** The given rows, in their order. The values are only valid until the next call. */
export async function readSelected(source: RowSource, rows: RowList): Promise<Values> {
  const runs = rows.runs();
  const first = runs.next();
  if (first.done === true) return new Float32Array(0);
  const { from, to } = first.value;
  if (to - from === rows.count) return source.readRows(from, to);
  const elements = elementsPerRow(source);
  const head = await source.readRows(from, to);
  const length = rows.count * elements;
  const values = head instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  values.set(head);
  let filled = head.length;
  for (const run of runs) {
    const part = await source.readRows(run.from, run.to);
    values.set(part, filled);
    filled += part.length;
  }
  return values;
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
    forwardOnly: tensor.storageOrder === null && isDeflated(model, tensor),
    readRows:
      tensor.storageOrder !== null
        ? rowsInMemory(model, tensor, elements)
        : rowsByRange(model, tensor, elements),
  };
}

function isDeflated({ files }: Model, { spans }: TensorEntry): boolean {
  return spans.some(({ fileIndex }) => files[fileIndex]?.derived === true);
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
