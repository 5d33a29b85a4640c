import { type Model, storedByteLength, type TensorEntry } from '../../../model/model';
import { streamInCOrder } from '../../../model/streamInCOrder';
import type { Unpacking } from '../../../pack/packing';
import type { WireMessage, WireReader } from '../protobuf/wireReader';
import { readSparseMessage } from '../readTensorMessage';
import { type Piece, totalBytes, writePieces } from './pieces';
import { rewriteGraph } from './rewriteGraph';
import { fieldPieces, tensorPieces } from './tensorPieces';

const INITIALIZER = 5;
const SPARSE_INITIALIZER = 15;
const VALUES = 1;

/**
 * Plans an ONNX file with the sparse initializers of its main graph dense again, each in its place; null where it
 * has none. What packing made of raw_data comes back byte by byte, but for an IR version that it raised.
 * @throws FormatError, IoError.
 */
export async function unpackOnnx(model: Model): Promise<Unpacking | null> {
  const [source] = model.files;
  if (source === undefined) throw new Error('an ONNX model has a file');
  const byName = new Map([...model.tensors].reverse().map((tensor) => [tensor.name, tensor]));
  let unpackedCount = 0;
  const pieces = await rewriteGraph(source, async (reader, field) => {
    if (field.fieldNumber !== SPARSE_INITIALIZER) return null;
    unpackedCount++;
    const message = field.inner();
    const { values } = await readSparseMessage(reader, message);
    const tensor = byName.get(values.name);
    if (tensor === undefined) throw new Error(`the model has no tensor ${values.name}`);
    return fieldPieces(INITIALIZER, await dense({ model, reader, message, tensor }));
  });
  if (unpackedCount === 0) return null;
  return {
    byteLength: totalBytes(pieces),
    unpackedCount,
    isOriginalFile: false,
    write: (sink, control) => writePieces(source, pieces, sink, control),
  };
}

interface Sparse {
  readonly model: Model;
  readonly reader: WireReader;
  readonly message: WireMessage;
  readonly tensor: TensorEntry;
}

/** The message of the values, with the numbers of all elements. */
async function dense({ model, reader, message, tensor }: Sparse): Promise<readonly Piece[]> {
  const raw: Piece = {
    kind: 'stream',
    byteLength: storedByteLength(tensor),
    chunks: () => streamInCOrder(model, tensor),
  };
  const fields = reader.fields(message, 'sparse tensor');
  while (await fields.next()) {
    if (fields.fieldNumber !== VALUES) continue;
    return tensorPieces(reader, fields.inner(), { dims: tensor.shape, raw });
  }
  throw new Error(`the sparse tensor ${tensor.name} has no values`);
}
