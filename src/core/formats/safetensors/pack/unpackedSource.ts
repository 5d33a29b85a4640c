import { FormatError } from '../../../errors';
import { type ByteSource, readBytes } from '../../../io';
import type { TensorEntry } from '../../../model/model';
import { parseTensors } from '../parseTensors';
import { LENGTH_BYTES, parseHeader } from '../safetensorsHeader';
import { bitmaskLayout, PACKED_KEY, PART_NAMES, type PartName, partName } from './bitmaskLayout';
import { PackedMatrix } from './packedMatrix';

/** A run of the unpacked file, and where its bytes come from. */
interface Segment {
  readonly start: number;
  readonly end: number;
  /** Fills a part of the segment. `byteOffset` counts from its start. */
  readonly readInto: (byteOffset: number, target: Uint8Array) => Promise<void>;
}

/**
 * A packed file as the file that it unpacks to, byte for byte, decoded as it is read. Opening reads the shapes
 * of the packed tensors only; reading checks bitmask, row offsets and values against each other.
 * @param parts the tensors of the packed file
 * @throws FormatError where the parts do not give the tensors that the header of the unpacked file names.
 */
export async function openUnpacked(
  source: ByteSource,
  parts: readonly TensorEntry[],
  metadata: Readonly<Record<string, unknown>>,
): Promise<ByteSource> {
  const json = new TextEncoder().encode(String(metadata[PACKED_KEY]));
  const { entries, metadata: inner } = parseHeader(json);
  if (Object.hasOwn(inner, PACKED_KEY)) {
    throw broken(PACKED_KEY, 'the header of a packed file', 'that of the unpacked one');
  }
  const dataStart = LENGTH_BYTES + json.length;
  const fileByteLength = dataStart + endOfData(entries);
  const tensors = parseTensors(entries, { dataStart, fileByteLength });
  const finder = new PartFinder(source, parts);
  const segments: Segment[] = [headSegment(json)];
  for (const tensor of tensors) segments.push(await finder.segmentOf(tensor));
  finder.assertAllTaken();
  return {
    name: source.name,
    byteLength: fileByteLength,
    derived: true,
    readInto: (byteOffset, target) =>
      readSegments(segments, { source, fileByteLength }, byteOffset, target),
  };
}

/** The largest end that the header claims; whether the tensors fill it is checked with them. */
function endOfData(entries: Readonly<Record<string, unknown>>): number {
  let end = 0;
  for (const [name, entry] of Object.entries(entries)) {
    const offsets: unknown = (entry as { data_offsets?: unknown } | null)?.data_offsets;
    const last: unknown = Array.isArray(offsets) ? offsets[1] : undefined;
    if (name !== '__metadata__' && typeof last === 'number') end = Math.max(end, last);
  }
  return end;
}

function headSegment(json: Uint8Array<ArrayBuffer>): Segment {
  const head = new Uint8Array(LENGTH_BYTES + json.length);
  new DataView(head.buffer).setBigUint64(0, BigInt(json.length), true);
  head.set(json, LENGTH_BYTES);
  return {
    start: 0,
    end: head.length,
    readInto(byteOffset, target) {
      target.set(head.subarray(byteOffset, byteOffset + target.length));
      return Promise.resolve();
    },
  };
}

/** Finds what the tensors of the unpacked file are made of. */
class PartFinder {
  private readonly left: Map<string, TensorEntry>;

  constructor(
    private readonly source: ByteSource,
    parts: readonly TensorEntry[],
  ) {
    this.left = new Map(parts.map((part) => [part.name, part]));
  }

  async segmentOf(tensor: TensorEntry): Promise<Segment> {
    const [span] = tensor.spans;
    const start = span?.byteOffset ?? 0;
    const end = start + (span?.byteLength ?? 0);
    if (this.left.has(tensor.name)) {
      const from = this.take(tensor.name, tensor);
      const at = from.spans[0]?.byteOffset ?? 0;
      const readInto: Segment['readInto'] = (byteOffset, target) =>
        this.source.readInto(at + byteOffset, target);
      return { start, end, readInto };
    }
    const matrix = await this.matrixOf(tensor);
    return {
      start,
      end,
      readInto: (byteOffset, target) => matrix.readInto(byteOffset, target),
    };
  }

  /** @throws FormatError where the file holds what belongs to no tensor. */
  assertAllTaken(): void {
    const [name] = this.left.keys();
    if (name === undefined) return;
    throw broken(
      `tensor ${JSON.stringify(name)}`,
      'a tensor that the unpacked file does not have',
      `the tensors that ${PACKED_KEY} names, or their parts`,
    );
  }

  private async matrixOf(tensor: TensorEntry): Promise<PackedMatrix> {
    const kept = this.left.get(partName(tensor.name, 'compressed'))?.elementCount ?? 0;
    const layout = bitmaskLayout(tensor, kept);
    const offsets = new Map<PartName, number>();
    for (const part of PART_NAMES) {
      const { dtypeName, shape } = layout[part];
      const dtype = dtypeName === null ? tensor.dtype : dtypeName === 'I64' ? 'int64' : 'uint8';
      const entry = this.take(partName(tensor.name, part), { dtype, shape });
      offsets.set(part, entry.spans[0]?.byteOffset ?? 0);
    }
    const at = (part: PartName): number => offsets.get(part) ?? 0;
    await this.assertShape(tensor, at('shape'));
    return new PackedMatrix(this.source, tensor, {
      kept,
      rowOffsets: at('row_offsets'),
      values: at('compressed'),
      bitmask: at('bitmask'),
    });
  }

  private take(name: string, { dtype, shape }: Pick<TensorEntry, 'dtype' | 'shape'>): TensorEntry {
    const entry = this.left.get(name);
    const place = `tensor ${JSON.stringify(name)}`;
    const allowed = `${dtype} of shape [${shape.join(', ')}]`;
    if (entry === undefined) throw broken(place, 'no tensor of that name', allowed);
    this.left.delete(name);
    if (entry.dtype === dtype && sameNumbers(entry.shape, shape)) return entry;
    throw broken(place, `${entry.dtype} of shape [${entry.shape.join(', ')}]`, allowed);
  }

  private async assertShape({ name, shape }: TensorEntry, byteOffset: number): Promise<void> {
    const bytes = await readBytes(this.source, byteOffset, 8 * shape.length);
    const found = Array.from(new BigInt64Array(bytes.buffer), Number);
    if (sameNumbers(found, shape)) return;
    const place = `tensor ${JSON.stringify(partName(name, 'shape'))}`;
    throw broken(place, `[${found.join(', ')}]`, `[${shape.join(', ')}], as ${PACKED_KEY} says`);
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

async function readSegments(
  segments: readonly Segment[],
  { source, fileByteLength }: { readonly source: ByteSource; readonly fileByteLength: number },
  byteOffset: number,
  target: Uint8Array,
): Promise<void> {
  const end = byteOffset + target.length;
  if (end > fileByteLength) {
    throw broken(source.name, `${fileByteLength} bytes when unpacked`, `at least ${end}`);
  }
  for (let i = firstEndingAfter(segments, byteOffset); i < segments.length; i++) {
    const segment = segments[i];
    if (segment === undefined || segment.start >= end) return;
    const from = Math.max(byteOffset, segment.start);
    const to = Math.min(end, segment.end);
    if (from >= to) continue;
    const part = target.subarray(from - byteOffset, to - byteOffset);
    await segment.readInto(from - segment.start, part);
  }
}

function firstEndingAfter(segments: readonly Segment[], byteOffset: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle]?.end ?? 0) <= byteOffset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function broken(place: string, found: string, allowed: string): FormatError {
  return new FormatError({ format: 'safetensors', place, found, allowed });
}
