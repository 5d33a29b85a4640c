import { decodeValues, makeDecodeScratch } from '../../../model/decodeValues';
import type { TensorEntry } from '../../../model/model';
import { bytesPerVarint, elementBytesOf, elementTypeOf, isFixedWidthField } from '../elementTypes';
import type { OnnxTensor } from '../messages';
import { varintValue } from '../protobuf/varint';
import type { WireReader } from '../protobuf/wireReader';

/** Varints of 64 bits take ten bytes. */
const MAX_RUN_BYTES = 16;

/**
 * The number of a tensor of one element that stands in an attribute; null where it has no number, or
 * lies in another file.
 * @throws FormatError, IoError as reading does.
 */
export async function readSmallMessage(
  reader: WireReader,
  message: OnnxTensor,
  dtype: TensorEntry['dtype'],
): Promise<number | null> {
  const width = elementBytesOf(dtype);
  const field = elementTypeOf(message.dataType)?.field ?? 0;
  const run = message.raw ?? message.typed.get(field)?.[0];
  if (run === undefined || message.external !== null || run.byteLength > MAX_RUN_BYTES) return null;
  const isVarint = message.raw === null && !isFixedWidthField(field);
  const bytes = new Uint8Array(8);
  const stored = await reader.bytes(run);
  if (isVarint) {
    const value = varintValue((i) => stored[i] ?? 0, stored.length);
    if (!/16|float8/.test(dtype) || /int/.test(dtype)) return value;
    new DataView(bytes.buffer).setUint16(0, value, true);
  } else {
    if (stored.length !== width) return null;
    bytes.set(stored);
  }
  const taken = bytes.subarray(0, Math.max(width, bytesPerVarint(dtype)));
  return decodeValues(entryOf(dtype, width), taken, makeDecodeScratch(), 1)[0] ?? null;
}

function entryOf(dtype: TensorEntry['dtype'], storedElementBytes: number): TensorEntry {
  return {
    name: '',
    shape: [],
    dtype,
    elementCount: 1,
    storedElementBytes,
    spans: [],
    littleEndian: true,
    storageOrder: null,
    role: 'parameter',
  };
}
