import { NpzWriter, type StreamedArray } from '../../core/formats/numpy/npzWriter';
import { writeAtomically } from '../../node/writeAtomically';
import type { ScoredArray } from './scoringRun';

/**
 * Writes arrays to an npz as they come, one in memory at a time, each in its own precision.
 * @throws IoError, and what makes the arrays throws; then there is no file.
 */
export async function writeScoredArrays(
  path: string,
  arrays: AsyncIterable<ScoredArray>,
): Promise<void> {
  await writeAtomically(path, async (sink) => {
    const writer = new NpzWriter(sink);
    for await (const array of arrays) await writer.add(streamed(array));
    await writer.finish();
  });
}

function streamed({ name, shape, values }: ScoredArray): StreamedArray {
  const descr = values instanceof Float64Array ? '<f8' : '<f4';
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, shape, descr, chunks: [bytes] };
}
