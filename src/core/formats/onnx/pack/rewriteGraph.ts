import type { ByteSource } from '../../../io';
import type { MessageCursor } from '../protobuf/messageCursor';
import { encodeVarint } from '../protobuf/varint';
import { WireReader } from '../protobuf/wireReader';
import { bytesPiece, copyPiece, type Piece, totalBytes } from './pieces';
import { integersPiece } from './tensorPieces';

const IR_VERSION = 1;
const GRAPH = 7;

/** How the fields of the main graph change: null for one that stays as it is. */
export type RewriteField = (
  reader: WireReader,
  field: MessageCursor,
) => Promise<readonly Piece[] | null>;

/**
 * An ONNX file with some fields of its main graph replaced, each in its place; everything else is copied. The
 * graph's length is renewed.
 * @throws FormatError, IoError.
 */
export async function rewriteGraph(
  source: ByteSource,
  rewrite: RewriteField,
): Promise<readonly Piece[]> {
  const reader = new WireReader(source, 'onnx');
  const pieces: Piece[] = [];
  const fields = reader.fields(reader.root, 'model');
  while (await fields.next()) {
    const { fieldOffset, position } = fields;
    if (fields.fieldNumber === GRAPH) {
      const message = fields.inner();
      const content = await graphPieces(reader, message, rewrite);
      const length = bytesPiece(encodeVarint(totalBytes(content)));
      pieces.push(copyPiece(fieldOffset, message.lengthOffset ?? fieldOffset), length, ...content);
    } else pieces.push(copyPiece(fieldOffset, position));
  }
  return joined(pieces);
}

/**
 * The pieces of a file with its IR version raised to `version` where it is earlier.
 * @throws FormatError, IoError.
 */
export async function withIrVersion(
  source: ByteSource,
  pieces: readonly Piece[],
  version: number,
): Promise<readonly Piece[]> {
  const reader = new WireReader(source, 'onnx');
  const fields = reader.fields(reader.root, 'model');
  while (await fields.next()) {
    if (fields.fieldNumber !== IR_VERSION) continue;
    if (fields.integer() >= version) return pieces;
    const replaced = integersPiece(IR_VERSION, [version]);
    const { fieldOffset: start, position: end } = fields;
    return pieces.flatMap((piece): Piece[] => {
      if (piece.kind !== 'copy') return [piece];
      const pieceEnd = piece.byteOffset + piece.byteLength;
      if (piece.byteOffset > start || pieceEnd < end) return [piece];
      return [copyPiece(piece.byteOffset, start), replaced, copyPiece(end, pieceEnd)];
    });
  }
  return pieces;
}

async function graphPieces(
  reader: WireReader,
  message: ReturnType<MessageCursor['inner']>,
  rewrite: RewriteField,
): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  const fields = reader.fields(message, 'graph');
  while (await fields.next()) {
    const { fieldOffset, position } = fields;
    pieces.push(...((await rewrite(reader, fields)) ?? [copyPiece(fieldOffset, position)]));
  }
  return joined(pieces);
}

/** Runs that lie behind one another are copied at once. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    const follows =
      piece.kind === 'copy' &&
      last?.kind === 'copy' &&
      last.byteOffset + last.byteLength === piece.byteOffset;
    if (follows) {
      result[result.length - 1] = copyPiece(last.byteOffset, piece.byteOffset + piece.byteLength);
    } else result.push(piece);
  }
  return result;
}
