import { FormatError } from '../../core/errors';
import { type ByteSource, readBytes } from '../../core/io';
import { CHUNK_BYTES } from '../../core/limits';
import { type JobControl, throwIfCancelled } from '../../core/progress';
import { compression } from '../compression';
import { MAX_DEFLATE_RATIO, MAX_GZIP_HEAD_BYTES } from './limits';

/** CRC-32 and length modulo 2^32, behind the deflate stream. */
const TRAILER_BYTES = 8;

/** Before optional fields. */
const HEAD_BYTES = 10;

const FLAG_CHECKSUM = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;

/** A gzip file of one member. Source: RFC 1952. */
export interface GzipFile {
  readonly source: ByteSource;
  readonly deflateOffset: number;
  readonly compressedBytes: number;
  readonly crc32: number;
  /** Of the inflated bytes, modulo 2^32. */
  readonly lengthModulo: number;
}

/** Whether a file begins as gzip does, with deflate as its method. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b && start[2] === 8;
}

/** Reads the ends of a gzip file. @throws FormatError where its head is broken. */
export async function readGzipFile(source: ByteSource): Promise<GzipFile> {
  const headBytes = Math.min(source.byteLength, MAX_GZIP_HEAD_BYTES);
  const head = await readBytes(source, 0, headBytes);
  const deflateOffset = headEnd(head);
  const trailerOffset = source.byteLength - TRAILER_BYTES;
  if (!isGzip(head) || deflateOffset === null || deflateOffset > trailerOffset) {
    throw new FormatError({
      format: 'gzip',
      place: source.name,
      found: isGzip(head) ? `a head that does not end within ${headBytes} bytes` : 'another head',
      allowed: 'a head, a deflate stream and 8 bytes of checksum and length',
    });
  }
  const trailer = new DataView((await readBytes(source, trailerOffset, TRAILER_BYTES)).buffer);
  return {
    source,
    deflateOffset,
    compressedBytes: trailerOffset - deflateOffset,
    crc32: trailer.getUint32(0, true),
    lengthModulo: trailer.getUint32(4, true),
  };
}

/** Where the deflate stream begins; null where the head does not end. */
function headEnd(head: Uint8Array): number | null {
  const flags = head[3] ?? 0;
  let at = HEAD_BYTES;
  if (flags & FLAG_EXTRA) at += 2 + (head[at] ?? 0) + 256 * (head[at + 1] ?? 0);
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if (!(flags & flag)) continue;
    const end = head.indexOf(0, at);
    if (end === -1) return null;
    at = end + 1;
  }
  if (flags & FLAG_CHECKSUM) at += 2;
  return at <= head.length ? at : null;
}

/**
 * The inflated bytes as a file, in constant space.
 * @param byteLength what the data inside says it takes
 * @throws FormatError when the gzip file has another length, or cannot hold so much.
 */
export function openGzip(file: GzipFile, byteLength: number): ByteSource {
  const { source, deflateOffset, compressedBytes, lengthModulo } = file;
  const atMost = (compressedBytes + 16) * MAX_DEFLATE_RATIO;
  if (byteLength % 2 ** 32 !== lengthModulo || byteLength > atMost) {
    const found =
      byteLength > atMost ? `${compressedBytes} bytes` : `${lengthModulo} inflated bytes`;
    throw new FormatError({
      format: 'gzip',
      place: source.name,
      found,
      allowed: `${byteLength} inflated bytes, as the head of the data inside says, in one gzip member`,
    });
  }
  return compression.openInflated({
    source,
    byteOffset: deflateOffset,
    compressedBytes,
    byteLength,
    name: source.name,
    place: source.name,
    wrapper: 'raw',
  });
}

/** The first inflated bytes of a stream whose length is not known yet; fewer where it ends. */
export async function peekGzip(file: GzipFile, byteLength: number): Promise<Uint8Array> {
  const known = file.lengthModulo === 0 ? byteLength : Math.min(byteLength, file.lengthModulo);
  // One byte more is claimed than is read, so that the stream is not asked for its end.
  const source = compression.openInflated({
    source: file.source,
    byteOffset: file.deflateOffset,
    compressedBytes: file.compressedBytes,
    byteLength: known + 1,
    name: file.source.name,
    place: file.source.name,
    wrapper: 'raw',
  });
  return readBytes(source, 0, known);
}

/** Reads all of it once. @throws FormatError where the checksum is another; CancelledError. */
export async function verifyGzip(
  file: GzipFile,
  inflated: ByteSource,
  { signal, report }: JobControl,
): Promise<void> {
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, inflated.byteLength));
  let checksum = 0;
  for (let at = 0; at < inflated.byteLength; at += buffer.length) {
    throwIfCancelled(signal);
    report({ phase: 'verify', done: at, total: inflated.byteLength, item: inflated.name });
    const part = buffer.subarray(0, Math.min(buffer.length, inflated.byteLength - at));
    await inflated.readInto(at, part);
    checksum = compression.crc32(part, checksum);
  }
  if (checksum === file.crc32) return;
  throw new FormatError({
    format: 'gzip',
    place: inflated.name,
    found: `CRC-32 ${checksum.toString(16)} of the inflated bytes`,
    allowed: `${file.crc32.toString(16)}, as the file says`,
  });
}
