import { encodeNpz, type NamedArray } from '../../core/formats/numpy/encodeNpz';
import type { JobControl } from '../../core/progress';
import { writeFileAtomically } from '../../node/writeFileAtomically';
import type { JobParams, JobResult } from '../../protocol/workerJob';
import { openScoringRun } from './openScoringRun';
import { scorerOf } from './scorers';

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
    const arrays: NamedArray[] = [];
    for await (const array of scorerOf(params.criterion)(run)) arrays.push(array);
    await writeFileAtomically(params.output, encodeNpz(arrays));
    const { notes } = opened;
    const facts = { samples: run.dataset.sampleCount, engine: run.executor.engine };
    return notes.length === 0 ? facts : { ...facts, notes };
  } finally {
    await opened.close();
  }
}

/** Batches report that they evaluate; here they score. */
function renamed({ report }: JobControl): JobControl['report'] {
  return (progress) => report({ ...progress, phase: 'score' });
}
