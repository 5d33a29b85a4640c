import type { ByteSource } from '../io';
import { CHUNK_BYTES } from '../limits';
import type { ByteSink } from '../model/modelSink';
import { type JobControl, throwIfCancelled } from '../progress';

/** Copies a file as it is, or as it decodes. Space: a chunk. @throws IoError, FormatError, CancelledError. */
export async function copySource(
  source: ByteSource,
  sink: ByteSink,
  { signal, report }: JobControl,
): Promise<void> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let at = 0; at < source.byteLength; at += CHUNK_BYTES) {
    throwIfCancelled(signal);
    const bytes = buffer.subarray(0, Math.min(CHUNK_BYTES, source.byteLength - at));
    await source.readInto(at, bytes);
    await sink.write(at, bytes);
    report({ phase: 'write', done: at + bytes.length, total: source.byteLength });
  }
}
