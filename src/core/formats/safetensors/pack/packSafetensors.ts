import { UnsupportedError } from '../../../errors';
import { appendBits, type BitPlace, gatherKept } from '../../../kernels/packKernels';
import { MAX_SAFETENSORS_HEADER_BYTES } from '../../../limits';
import { type Model, storedByteLength, type TensorEntry } from '../../../model/model';
import type { ByteSink } from '../../../model/modelSink';
import { streamInCOrder } from '../../../model/streamInCOrder';
import { countKept, hasWholeElements, markedChunks, matrixShape } from '../../../pack/countKept';
import { rowStartsAmong } from '../../../pack/rowStarts';
import { type Packing, type TensorPacking, tooFewZeros } from '../../../pack/packing';
import { type JobControl, throwIfCancelled } from '../../../progress';
import { readHeader, type SafetensorsHeader } from '../safetensorsHeader';
import {
  bitmaskBytes,
  bitmaskLayout,
  entryBytes,
  PACKED_KEY,
  packedEntryBytes,
  PART_NAMES,
  type PartName,
  partName,
} from './bitmaskLayout';

/** One tensor of the packed file. */
interface Piece {
  readonly name: string;
  readonly dtypeName: string;
  readonly shape: readonly number[];
  readonly byteLength: number;
  readonly alignment: number;
  readonly tensor: TensorEntry;
  /** Null for a tensor that stays as it is. */
  readonly part: PartName | null;
}

/** With its place, from the start of the file. */
interface PlacedPiece extends Piece {
  readonly byteOffset: number;
}

/**
 * Plans a safetensors file without its zeros: of each tensor that becomes smaller so, entries in the header counted,
 * the four parts of {@link bitmaskLayout}, of the others their bytes. The header of the file stands verbatim in the metadata, beside its
 * own texts, so that unpacking gives the same file byte by byte. One pass over the file; space: a chunk.
 * @throws UnsupportedError where the file is packed already, or its header would be too long; IoError,
 *   FormatError, CancelledError.
 */
export async function packSafetensors(model: Model, control: JobControl): Promise<Packing> {
  const [source] = model.files;
  if (source === undefined) throw new Error('a safetensors model has a file');
  const header = await readHeader(source);
  const names = new Set(model.tensors.map(({ name }) => name));
  const pieces: Piece[] = [];
  const tensors: TensorPacking[] = [];
  let done = 0;
  for (const tensor of model.tensors) {
    const { packing, own } = await packTensor(model, tensor, { header, names, control });
    tensors.push(packing);
    pieces.push(...own);
    done += storedByteLength(tensor);
    control.report({ phase: 'measure', done, total: source.byteLength, item: tensor.name });
  }
  // Widest first, so that every tensor begins at a multiple of its elements' size, as loaders want it.
  pieces.sort((a, b) => b.alignment - a.alignment);
  const { head, placed, byteLength } = layOut(pieces, header);
  return {
    byteLength,
    tensors,
    async write(sink, writing) {
      await sink.write(0, head);
      await writePieces(model, placed, { sink, byteLength, control: writing });
    },
  };
}

interface Packer {
  readonly header: SafetensorsHeader;
  readonly names: ReadonlySet<string>;
  readonly control: JobControl;
}

async function packTensor(
  model: Model,
  tensor: TensorEntry,
  { header, names, control }: Packer,
): Promise<{ readonly packing: TensorPacking; readonly own: readonly Piece[] }> {
  const { name, shape, elementCount } = tensor;
  const { dtype } = header.entries[name] as { readonly dtype: string };
  const bytesBefore = storedByteLength(tensor);
  const whole: Piece = {
    name,
    dtypeName: dtype,
    shape,
    byteLength: bytesBefore,
    alignment: Math.ceil(tensor.storedElementBytes),
    tensor,
    part: null,
  };
  const left = (
    leftBecause: string,
    kept = elementCount,
  ): { packing: TensorPacking; own: Piece[] } => ({
    packing: { name, elementCount, kept, bytesBefore, bytesAfter: bytesBefore, leftBecause },
    own: [whole],
  });
  if (!hasWholeElements(tensor)) return left(`is of ${dtype}, several elements in a byte`);
  const taken = PART_NAMES.map((part) => partName(name, part)).find((one) => names.has(one));
  if (taken !== undefined) return left(`the file has a tensor named ${taken}`);
  const kept = await countKept(model, tensor, control);
  // The entries in the header count too: of small tensors they are the larger part.
  const most = model.files[0]?.byteLength ?? 0;
  const entry = { name, dtype, shape };
  const entries = packedEntryBytes(tensor, entry, { kept, most }) - entryBytes(entry, most);
  const bytesAfter = bitmaskBytes(tensor, kept) + entries;
  if (bytesAfter >= bytesBefore) return left(tooFewZeros(bytesAfter, bytesBefore), kept);
  const layout = bitmaskLayout(tensor, kept);
  const own = PART_NAMES.map((part): Piece => {
    const { dtypeName, ...rest } = layout[part];
    const alignment = dtypeName === 'I64' ? 8 : dtypeName === 'U8' ? 1 : whole.alignment;
    return {
      ...whole,
      ...rest,
      name: partName(name, part),
      dtypeName: dtypeName ?? dtype,
      alignment,
      part,
    };
  });
  const packing = { name, elementCount, kept, bytesBefore, bytesAfter, leftBecause: null };
  return { packing, own };
}

function layOut(
  pieces: readonly Piece[],
  header: SafetensorsHeader,
): {
  readonly head: Uint8Array;
  readonly placed: readonly PlacedPiece[];
  readonly byteLength: number;
} {
  const original = new TextDecoder('utf-8', { ignoreBOM: true }).decode(header.json);
  const metadata = { ...header.metadata, [PACKED_KEY]: original };
  // Text, not an object: names such as __proto__ and 1 must stay what and where they are.
  const fields = [`"__metadata__":${JSON.stringify(metadata)}`];
  let end = 0;
  const starts = pieces.map(({ name, dtypeName, shape, byteLength }) => {
    const begin = end;
    end += byteLength;
    const entry = { dtype: dtypeName, shape, data_offsets: [begin, end] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    return begin;
  });
  const head = encodeHead(`{${fields.join(',')}}`);
  const placed = pieces.map((piece, i) => ({
    ...piece,
    byteOffset: head.length + (starts[i] ?? 0),
  }));
  return { head, placed, byteLength: head.length + end };
}

function encodeHead(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(text.length / 8) * 8;
  if (headerBytes > MAX_SAFETENSORS_HEADER_BYTES) {
    throw new UnsupportedError({
      feature: 'packing safetensors',
      found: `a header of ${headerBytes} bytes with that of the unpacked file inside`,
      supported: `at most ${MAX_SAFETENSORS_HEADER_BYTES}, the format's own limit`,
    });
  }
  const head = new Uint8Array(8 + headerBytes).fill(' '.charCodeAt(0));
  new DataView(head.buffer).setBigUint64(0, BigInt(headerBytes), true);
  head.set(text, 8);
  return head;
}

interface Writing {
  readonly sink: ByteSink;
  readonly byteLength: number;
  readonly control: JobControl;
}

async function writePieces(
  model: Model,
  placed: readonly PlacedPiece[],
  writing: Writing,
): Promise<void> {
  const { sink, byteLength: total, control } = writing;
  const places = new Map<TensorEntry, Map<PartName | null, number>>();
  for (const { tensor, part, byteOffset } of placed) {
    const own = places.get(tensor) ?? new Map<PartName | null, number>();
    places.set(tensor, own.set(part, byteOffset));
  }
  let done = 0;
  for (const [tensor, own] of places) {
    const whole = own.get(null);
    if (whole === undefined) await writeParts(model, tensor, own, writing);
    else {
      let at = whole;
      for await (const bytes of streamInCOrder(model, tensor)) {
        throwIfCancelled(control.signal);
        await sink.write(at, bytes);
        at += bytes.length;
      }
    }
    done += storedByteLength(tensor);
    control.report({ phase: 'write', done: Math.min(done, total), total, item: tensor.name });
  }
}

/** Writes the four parts of a tensor side by side, in one pass over it. */
async function writeParts(
  model: Model,
  tensor: TensorEntry,
  places: ReadonlyMap<PartName | null, number>,
  { sink, control }: Writing,
): Promise<void> {
  const { columns } = matrixShape(tensor.shape);
  const at = (part: PartName): number => places.get(part) ?? 0;
  const shape = new BigInt64Array(tensor.shape.map(BigInt));
  await sink.write(at('shape'), new Uint8Array(shape.buffer));
  const place: BitPlace = { columns, column: 0, bits: 0 };
  const ends = { values: at('compressed'), bitmask: at('bitmask'), rowOffsets: at('row_offsets') };
  let kept = 0;
  for await (const chunk of markedChunks(model, tensor, control)) {
    const { bytes, flags, firstElement } = chunk;
    const starts = rowStartsAmong(flags, { firstElement, columns, kept });
    const offsets = new Uint8Array(BigInt64Array.from(starts, BigInt).buffer);
    await sink.write(ends.rowOffsets, offsets);
    ends.rowOffsets += offsets.length;
    const bits = new Uint8Array(flags.length);
    const bitBytes = appendBits(flags, flags.length, place, bits);
    await sink.write(ends.bitmask, bits.subarray(0, bitBytes));
    ends.bitmask += bitBytes;
    const values = new Uint8Array(chunk.kept * tensor.storedElementBytes);
    gatherKept(bytes, tensor.storedElementBytes, flags, values);
    await sink.write(ends.values, values);
    ends.values += values.length;
    kept += chunk.kept;
  }
}
