import type { JobControl } from '../../core/progress';
import type { JobParams, JobResult } from '../../protocol/workerJob';
import { offerAlternative } from './offerAlternative';
import { noteUnranked } from './noteUnranked';
import { noteZeros } from './noteZeros';
import { openScoringRun } from './openScoringRun';
import { scorerOf } from './scorers';
import { writeScoredArrays } from './writeScoredArrays';

/**
 * Scores tensors of a model file on data and writes the scores to an npz, an array a tensor.
 * @throws UnsupportedError for a model that cannot be run or differentiated; UsageError for data that does
 *   not fit it; FormatError, IoError; CancelledError.
 */
export function scoreFile(
  params: JobParams<'score'>,
  control: JobControl,
): Promise<JobResult<'score'>> {
  return offerAlternative(params.criterion, () => scoreOpened(params, control));
}

async function scoreOpened(
  params: JobParams<'score'>,
  control: JobControl,
): Promise<JobResult<'score'>> {
  const opened = await openScoringRun(params, control);
  try {
    const { run } = opened;
    const scored = scorerOf(params.criterion)(run);
    await writeScoredArrays(params.output, noteUnranked(run, noteZeros(run, scored)));
    const { notes } = opened;
    const facts = { samples: run.dataset.sampleCount, engine: run.executor.engine };
    return notes.length === 0 ? facts : { ...facts, notes };
  } finally {
    await opened.close();
  }
}
