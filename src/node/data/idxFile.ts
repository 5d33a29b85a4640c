import { FormatError } from '../../core/errors';
import { type ByteSource, readBytes } from '../../core/io';
import { MAX_RANK } from '../../core/limits';
import type { Values } from '../../core/model/decodeValues';
import type { JobControl } from '../../core/progress';
import type { FileSource } from '../fileSource';
import { isGzip, openGzip, peekGzip, readGzipFile, verifyGzip } from './gzipSource';
import type { RowSource } from './rowSource';

/** A type of elements by its code in the third byte, big-endian. */
interface IdxType {
  readonly dtype: string;
  readonly byteLength: number;
  readonly read: (view: DataView, byteOffset: number) => number;
}

/** Source: the IDX format as described with the MNIST database, LeCun, Cortes and Burges. */
const TYPES: ReadonlyMap<number, IdxType> = new Map([
  [0x08, { dtype: 'uint8', byteLength: 1, read: (view, at) => view.getUint8(at) }],
  [0x09, { dtype: 'int8', byteLength: 1, read: (view, at) => view.getInt8(at) }],
  [0x0b, { dtype: 'int16', byteLength: 2, read: (view, at) => view.getInt16(at) }],
  [0x0c, { dtype: 'int32', byteLength: 4, read: (view, at) => view.getInt32(at) }],
  [0x0d, { dtype: 'float32', byteLength: 4, read: (view, at) => view.getFloat32(at) }],
  [0x0e, { dtype: 'float64', byteLength: 8, read: (view, at) => view.getFloat64(at) }],
]);

/** Magic number, then a size of four bytes for each axis. */
const MAGIC_BYTES = 4;
const MAX_HEAD_BYTES = MAGIC_BYTES + 4 * MAX_RANK;

interface IdxHead {
  readonly type: IdxType;
  readonly shape: readonly number[];
  readonly dataOffset: number;
  /** Of the whole file, not deflated. */
  readonly byteLength: number;
}

/** An IDX array that can be read by rows. */
export interface IdxFile {
  readonly dtype: string;
  readonly shape: readonly number[];
  rows(name: string): RowSource;
  /** Compares the checksum where the file has one. @throws FormatError; CancelledError. */
  verify(control: JobControl): Promise<void>;
}

/** Whether bytes begin as an IDX file does. */
export function isIdx(start: Uint8Array): boolean {
  return (
    start.length > MAGIC_BYTES &&
    start[0] === 0 &&
    start[1] === 0 &&
    TYPES.has(start[2] ?? 0) &&
    (start[3] ?? 0) > 0
  );
}

/** Opens an IDX file, plain or in gzip. @throws FormatError where head and length do not agree. */
export async function openIdx(file: FileSource): Promise<IdxFile> {
  const start = await readBytes(file, 0, Math.min(file.byteLength, MAX_HEAD_BYTES));
  if (!isGzip(start)) {
    const head = parseHead(start, file.name);
    assertLength(file, head);
    return idxFile(file, head, () => Promise.resolve());
  }
  const gzip = await readGzipFile(file);
  const head = parseHead(await peekGzip(gzip, MAX_HEAD_BYTES), file.name);
  const inflated = openGzip(gzip, head.byteLength);
  return idxFile(inflated, head, (control) => verifyGzip(gzip, inflated, control));
}

function parseHead(bytes: Uint8Array, name: string): IdxHead {
  const axes = bytes[3] ?? 0;
  const dataOffset = MAGIC_BYTES + 4 * axes;
  const type = TYPES.get(bytes[2] ?? 0);
  if (!isIdx(bytes) || type === undefined || axes > MAX_RANK || bytes.length < dataOffset) {
    const magic = Buffer.from(bytes.subarray(0, MAGIC_BYTES)).toString('hex');
    throw new FormatError({
      format: 'idx',
      place: name,
      found: `${bytes.length} bytes that begin with ${magic}`,
      allowed: `0000, a type (08, 09, 0b to 0e), 1 to ${MAX_RANK} axes, and a size for each`,
      byteOffset: 0,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, i) => view.getUint32(MAGIC_BYTES + 4 * i));
  const elements = shape.reduce((product, size) => product * size, 1);
  return { type, shape, dataOffset, byteLength: dataOffset + elements * type.byteLength };
}

function assertLength(file: FileSource, { shape, byteLength, type }: IdxHead): void {
  if (file.byteLength === byteLength) return;
  throw new FormatError({
    format: 'idx',
    place: file.name,
    found: `${file.byteLength} bytes`,
    allowed: `${byteLength} for [${shape.join(', ')}] of ${type.dtype}`,
  });
}

function idxFile(source: ByteSource, head: IdxHead, verify: IdxFile['verify']): IdxFile {
  const { type, shape, dataOffset } = head;
  const [rowCount = 0, ...sampleShape] = shape;
  const elements = sampleShape.reduce((product, size) => product * size, 1);
  return {
    dtype: type.dtype,
    shape,
    verify,
    rows: (name) => ({
      name,
      dtype: type.dtype,
      rowCount,
      sampleShape,
      forwardOnly: source.derived === true,
      readRows: async (from, to) => {
        const rowBytes = elements * type.byteLength;
        const offset = dataOffset + from * rowBytes;
        return decode(await readBytes(source, offset, (to - from) * rowBytes), type);
      },
    }),
  };
}

/** float32 holds all but the two widest types. */
function decode(bytes: Uint8Array, { dtype, byteLength, read }: IdxType): Values {
  if (dtype === 'uint8') return Float32Array.from(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / byteLength;
  const wide = dtype === 'int32' || dtype === 'float64';
  const values = wide ? new Float64Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, i * byteLength);
  return values;
}
