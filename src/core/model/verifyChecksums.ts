import { FormatError } from '../errors';
import { CHUNK_BYTES } from '../limits';
import { type JobControl, throwIfCancelled } from '../progress';
import type { ChecksummedRange, Model } from './model';

/**
 * Compares the checksums that the format stores with the bytes, before anything is computed from them.
 * @throws FormatError naming the member; CancelledError.
 */
export async function verifyChecksums(model: Model, control: JobControl): Promise<void> {
  const total = model.checksums.reduce((sum, { span }) => sum + span.byteLength, 0);
  let done = 0;
  for (const range of model.checksums) {
    const found = await checksumOf(model, range, (byteLength) => {
      throwIfCancelled(control.signal);
      done += byteLength;
      control.report({ phase: 'verify', done, total, item: range.name });
    });
    if (found !== range.crc32) throw mismatch(model, range, found);
  }
}

async function checksumOf(
  model: Model,
  range: ChecksummedRange,
  onChunk: (byteLength: number) => void,
): Promise<number> {
  const { fileIndex, byteOffset, byteLength } = range.span;
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, byteLength));
  let checksum = 0;
  for (let at = 0; at < byteLength; at += buffer.length) {
    const part = buffer.subarray(0, Math.min(buffer.length, byteLength - at));
    await model.files[fileIndex]?.readInto(byteOffset + at, part);
    checksum = range.update(part, checksum);
    onChunk(part.length);
  }
  return checksum;
}

function mismatch(model: Model, range: ChecksummedRange, found: number): FormatError {
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  return new FormatError({
    format: model.format,
    place: `member ${JSON.stringify(range.name)}`,
    found: `CRC-32 ${hex(found)}: the bytes are damaged`,
    allowed: `${hex(range.crc32)} as stored beside them`,
    byteOffset: range.span.byteOffset,
  });
}
