import { UnsupportedError } from '../../../errors';
import { gatherKept } from '../../../kernels/packKernels';
import { MAX_ONNX_FILE_BYTES, MAX_SPARSE_DENSE_BYTES } from '../../../limits';
import { type Model, storedByteLength, type TensorEntry } from '../../../model/model';
import { streamInCOrder } from '../../../model/streamInCOrder';
import { countKept, hasWholeElements, markedChunks } from '../../../pack/countKept';
import { type Packing, type TensorPacking, tooFewZeros } from '../../../pack/packing';
import type { JobControl } from '../../../progress';
import type { WireMessage, WireReader } from '../protobuf/wireReader';
import { readTensorMessage } from '../readTensorMessage';
import { type Piece, totalBytes, writePieces } from './pieces';
import { rewriteGraph, withIrVersion } from './rewriteGraph';
import { fieldPieces, integersPiece, tensorPieces } from './tensorPieces';

const INITIALIZER = 5;
const SPARSE_INITIALIZER = 15;
/** The IR version that has sparse initializers. */
const SPARSE_IR_VERSION = 6;
const INT64 = 7;
const INDEX_BYTES = 8;

/**
 * Plans an ONNX file without its zeros: each initializer of the main graph that becomes smaller so is written as a
 * sparse initializer in its place, with linear indices: a value that is kept takes its own bytes and 8 for its index,
 * so float32 gains from a sparsity above 2/3 on. Numbers in external files come into the one file; initializers of inner
 * graphs stay. One pass over the numbers; space: a chunk.
 * @throws UnsupportedError where the one file would exceed what a protobuf can be, or external data is left;
 *   IoError, FormatError, CancelledError.
 * Source: SparseTensorProto of onnx.proto, IR version 6.
 */
export async function packOnnx(model: Model, control: JobControl): Promise<Packing> {
  const [source] = model.files;
  if (source === undefined) throw new Error('an ONNX model has a file');
  const packer = new OnnxPacker(model, control);
  // Which version is needed is known only after the graph; the version stands before it.
  const rewritten = await rewriteGraph(source, (reader, field) =>
    field.fieldNumber === INITIALIZER
      ? packer.rewrite(reader, field.inner())
      : Promise.resolve(null),
  );
  packer.assertNoExternalLeft();
  const pieces = packer.packsAny
    ? await withIrVersion(source, rewritten, SPARSE_IR_VERSION)
    : rewritten;
  const byteLength = totalBytes(pieces);
  if (byteLength > MAX_ONNX_FILE_BYTES) throw tooLarge(byteLength);
  return {
    byteLength,
    tensors: packer.tensors,
    write: (sink, writing) => writePieces(source, pieces, sink, writing),
  };
}

class OnnxPacker {
  readonly tensors: TensorPacking[] = [];
  packsAny = false;
  private readonly byName: ReadonlyMap<string, TensorEntry>;
  /** What still lies outside of the file. */
  private readonly external: Map<string, TensorEntry>;

  constructor(
    private readonly model: Model,
    private readonly control: JobControl,
  ) {
    // The tensors of the main graph come first and keep their names.
    this.byName = new Map([...model.tensors].reverse().map((tensor) => [tensor.name, tensor]));
    const outside = model.tensors.filter((tensor) => isExternal(model, tensor));
    this.external = new Map(outside.map((tensor) => [tensor.name, tensor]));
  }

  /** The initializer without its zeros, or within the file; null where it stays as it is. */
  async rewrite(reader: WireReader, message: WireMessage): Promise<readonly Piece[] | null> {
    const { name, dims } = await readTensorMessage(reader, message);
    const tensor = this.byName.get(name);
    if (tensor === undefined) throw new Error(`the model has no tensor ${name}`);
    const inside = this.external.delete(name) ? await this.inlined(reader, message, tensor) : null;
    const bytesBefore = storedByteLength(tensor);
    const { elementCount } = tensor;
    const left = (leftBecause: string, kept = elementCount): readonly Piece[] | null => {
      const bytesAfter = bytesBefore;
      this.tensors.push({ name, elementCount, kept, bytesBefore, bytesAfter, leftBecause });
      return inside;
    };
    if (!hasWholeElements(tensor) || tensor.storedElementBytes > 8 || dims.length === 0) {
      return left(`is ${dims.length === 0 ? 'a single number' : `of ${tensor.dtype}`}`);
    }
    if (bytesBefore > MAX_SPARSE_DENSE_BYTES) {
      return left(
        `is larger than the ${MAX_SPARSE_DENSE_BYTES} bytes that sparse tensors are read up to`,
      );
    }
    const kept = await countKept(this.model, tensor, this.control);
    const sparse = fieldPieces(
      SPARSE_INITIALIZER,
      await this.sparse(reader, message, { tensor, kept }),
    );
    // Beside the numbers a TensorProto takes its name and dims, in either form.
    const bytesAfter = totalBytes(sparse) - (message.byteLength - payloadBytes(tensor, message));
    if (bytesAfter >= bytesBefore) return left(tooFewZeros(bytesAfter, bytesBefore), kept);
    this.tensors.push({ name, elementCount, kept, bytesBefore, bytesAfter, leftBecause: null });
    this.packsAny = true;
    return sparse;
  }

  /** @throws UnsupportedError where a tensor of an inner graph lies outside of the file. */
  assertNoExternalLeft(): void {
    const [name] = this.external.keys();
    if (name === undefined) return;
    throw new UnsupportedError({
      feature: 'packing ONNX',
      found: `${name} of an inner graph in an external file`,
      supported: 'external data of initializers of the main graph',
    });
  }

  private async inlined(
    reader: WireReader,
    message: WireMessage,
    tensor: TensorEntry,
  ): Promise<readonly Piece[]> {
    const raw: Piece = {
      kind: 'stream',
      byteLength: storedByteLength(tensor),
      chunks: () => streamInCOrder(this.model, tensor),
    };
    const content = await tensorPieces(reader, message, { dims: tensor.shape, raw });
    return fieldPieces(INITIALIZER, content);
  }

  private async sparse(
    reader: WireReader,
    message: WireMessage,
    { tensor, kept }: { readonly tensor: TensorEntry; readonly kept: number },
  ): Promise<readonly Piece[]> {
    const { model } = this;
    const raw: Piece = {
      kind: 'stream',
      byteLength: kept * tensor.storedElementBytes,
      chunks: (control) => keptValues(model, tensor, control),
    };
    const indices: Piece = {
      kind: 'stream',
      byteLength: kept * INDEX_BYTES,
      chunks: (control) => keptIndices(model, tensor, control),
    };
    return [
      ...fieldPieces(1, await tensorPieces(reader, message, { dims: [kept], raw })),
      ...fieldPieces(2, [
        integersPiece(1, [kept]),
        integersPiece(2, [INT64]),
        ...fieldPieces(9, [indices]),
      ]),
      integersPiece(3, tensor.shape),
    ];
  }
}

/** The bytes of a tensor's numbers within its message, for figures: none where they lie elsewhere. */
function payloadBytes(tensor: TensorEntry, message: WireMessage): number {
  return Math.min(message.byteLength, storedByteLength(tensor));
}

function isExternal(model: Model, { spans }: TensorEntry): boolean {
  return spans.some(({ fileIndex }) => fileIndex > 0 && model.files[fileIndex]?.derived !== true);
}

async function* keptValues(
  model: Model,
  tensor: TensorEntry,
  control: JobControl,
): AsyncGenerator<Uint8Array, void, undefined> {
  const elementBytes = tensor.storedElementBytes;
  for await (const { bytes, flags, kept } of markedChunks(model, tensor, control)) {
    const values = new Uint8Array(kept * elementBytes);
    gatherKept(bytes, elementBytes, flags, values);
    yield values;
  }
}

/** Linear indices, ascending, as int64. */
async function* keptIndices(
  model: Model,
  tensor: TensorEntry,
  control: JobControl,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const { firstElement, flags, kept } of markedChunks(model, tensor, control)) {
    const indices = new BigInt64Array(kept);
    let filled = 0;
    for (const [i, flag] of flags.entries()) {
      if (flag !== 0) indices[filled++] = BigInt(firstElement + i);
    }
    yield new Uint8Array(indices.buffer);
  }
}

function tooLarge(byteLength: number): UnsupportedError {
  return new UnsupportedError({
    feature: 'packing ONNX',
    found: `one file of ${byteLength} bytes`,
    supported: `at most ${MAX_ONNX_FILE_BYTES}, what a protobuf can be`,
  });
}
