import { NpzWriter, type StreamedArray } from '../../core/formats/numpy/npzWriter';
import type { JobControl } from '../../core/progress';
import { writeAtomically } from '../../node/writeAtomically';
import type { JobParams, JobResult } from '../../protocol/workerJob';
import { openScoringRun } from './openScoringRun';
import { scorerOf } from './scorers';
import type { ScoredArray } from './scoringRun';

/**
 * Scores tensors of a model file on data and writes the scores to an npz, an array a tensor.
 * @throws UnsupportedError for a model that cannot be run or differentiated; UsageError for data that does
 *   not fit it; FormatError, IoError; CancelledError.
 */
export async function scoreFile(
  params: JobParams<'score'>,
  control: JobControl,
): Promise<JobResult<'score'>> {
  const opened = await openScoringRun(params, { ...control, report: renamed(control) });
  try {
    const { run } = opened;
    const scored = scorerOf(params.criterion)(run);
    await writeAtomically(params.output, async (sink) => {
      const writer = new NpzWriter(sink);
      for await (const array of scored) await writer.add(streamed(array));
      await writer.finish();
    });
    const { notes } = opened;
    const facts = { samples: run.dataset.sampleCount, engine: run.executor.engine };
    return notes.length === 0 ? facts : { ...facts, notes };
  } finally {
    await opened.close();
  }
}

/** One array is in memory at a time, and goes out as it is. */
function streamed({ name, shape, values }: ScoredArray): StreamedArray {
  const descr = values instanceof Float64Array ? '<f8' : '<f4';
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, shape, descr, chunks: [bytes] };
}

/** Batches report that they evaluate; here they score. */
function renamed({ report }: JobControl): JobControl['report'] {
  return (progress) => report({ ...progress, phase: 'score' });
}
