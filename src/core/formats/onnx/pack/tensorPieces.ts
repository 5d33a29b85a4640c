import type { WireMessage, WireReader } from '../protobuf/wireReader';
import { encodeVarint } from '../protobuf/varint';
import { bytesPiece, copyPiece, type Piece, totalBytes } from './pieces';

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const DIMS = 1;
const RAW_DATA = 9;

/** float_data, int32_data, int64_data, raw_data, double_data, uint64_data, external_data, data_location. */
const NUMBERS: ReadonlySet<number> = new Set([4, 5, 7, RAW_DATA, 10, 11, 13, 14]);

/** A field's number with its wire type. Source: the encoding chapter of the Protocol Buffers documentation. */
export function tag(fieldNumber: number, wireType: 0 | 2): Uint8Array {
  return encodeVarint(fieldNumber * 8 + wireType);
}

/** A message, or bytes, as a field. */
export function fieldPieces(fieldNumber: number, content: readonly Piece[]): readonly Piece[] {
  const head = bytesPiece(tag(fieldNumber, LENGTH_DELIMITED), encodeVarint(totalBytes(content)));
  return [head, ...content];
}

/** Repeated whole numbers, each a field of its own, as proto2 writes them. */
export function integersPiece(fieldNumber: number, values: readonly number[]): Piece {
  return bytesPiece(...values.flatMap((value) => [tag(fieldNumber, VARINT), encodeVarint(value)]));
}

/**
 * A TensorProto with other dims and with its numbers as raw_data, in the places where dims and numbers stood; all
 * its other fields, unknown ones too, are copied.
 * @throws FormatError, IoError.
 */
export async function tensorPieces(
  reader: WireReader,
  message: WireMessage,
  { dims, raw }: { readonly dims: readonly number[]; readonly raw: Piece },
): Promise<readonly Piece[]> {
  const newDims = integersPiece(DIMS, dims);
  const newRaw = fieldPieces(RAW_DATA, [raw]);
  const pieces: Piece[] = [];
  let hasDims = false;
  let hasNumbers = false;
  const fields = reader.fields(message, 'tensor');
  while (await fields.next()) {
    if (fields.fieldNumber === DIMS) {
      if (!hasDims) pieces.push(newDims);
      hasDims = true;
    } else if (NUMBERS.has(fields.fieldNumber)) {
      if (!hasNumbers) pieces.push(...newRaw);
      hasNumbers = true;
    } else pieces.push(copyPiece(fields.fieldOffset, fields.position));
  }
  return [...(hasDims ? [] : [newDims]), ...pieces, ...(hasNumbers ? [] : newRaw)];
}
