import type { JobControl } from '../../core/progress';
import type { JobParams, JobResult } from '../../protocol/workerJob';
import { cutWeights } from './cutWeights';
import { groupsByMagnitude } from './groupsByMagnitude';
import { inputProducts } from './inputProducts';
import { networkObsWeights } from './networkObsScores';
import { offerAlternative } from './offerAlternative';
import { openScoringRun } from './openScoringRun';
import { reconstructTensor, withoutInputsNote } from './reconstructTensor';
import { runSteps } from './runSteps';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { layerNameOf } from './unitObservers';
import { writeScoredArrays } from './writeScoredArrays';

/**
 * Decides which weights of each tensor go, or is told, updates those that stay, and writes the new weights
 * to an npz, an array a tensor in float64. Every layer is solved on what it reads in the network as the request has
 * it: none sees what the others become; but for `obs` over the whole network.
 * @throws UnsupportedError for a model that cannot be run, or inputs that do not determine weights; UsageError for
 *   data that does not fit; FormatError, IoError; CancelledError.
 */
export function reconstructFile(
  params: JobParams<'reconstruct'>,
  control: JobControl,
): Promise<JobResult<'reconstruct'>> {
  return offerAlternative(params.criterion, () => reconstructOpened(params, control));
}

async function reconstructOpened(
  params: JobParams<'reconstruct'>,
  control: JobControl,
): Promise<JobResult<'reconstruct'>> {
  const opened = await openScoringRun(params, control);
  try {
    const { run, notes } = opened;
    await writeScoredArrays(params.output, newWeights(run, params));
    return { samples: run.dataset.sampleCount, engine: run.executor.engine, notes };
  } finally {
    await opened.close();
  }
}

async function* newWeights(
  run: ScoringRun,
  { criterion, options, targets }: JobParams<'reconstruct'>,
): AsyncGenerator<ScoredArray> {
  if (criterion === 'obs' && options.extent === 'network') {
    yield* networkObsWeights(run, targets);
    return;
  }
  const { tensors, control } = run;
  let index = 0;
  for await (const { tensor, layer } of inputProducts(run)) {
    const given = targets[index];
    if (given === undefined) throw new Error(`${tensor.name} has no target`);
    const place = layerNameOf(run.model, tensor);
    if (layer === null) run.note(withoutInputsNote(place));
    const weights = await cutWeights(run, tensor);
    const target = layer === null ? groupsByMagnitude(run.model, tensor, weights, given) : given;
    const done = index / tensors.length;
    const part: JobControl = {
      signal: control.signal,
      report: (progress) => {
        const share = progress.done / Math.max(1, progress.total);
        // The first half was collecting.
        control.report({ ...progress, done: (1 + done + share / tensors.length) / 2, total: 1 });
      },
    };
    const steps = reconstructTensor(weights, { layer }, target, { criterion, options, place });
    yield { name: tensor.name, shape: tensor.shape, values: await runSteps(steps, part, place) };
    index++;
  }
}
