import { firstSamples } from '../../core/evaluation/dataset';
import type { EvaluationTerms } from '../../core/evaluation/evaluateRequest';
import type { Evaluation } from '../../core/evaluation/evaluation';
import { ModelScoring, type ScoringChoice } from '../../core/evaluation/modelScoring';
import type { JobControl } from '../../core/progress';
import type { JobParams } from '../../protocol/workerJob';
import { openRunnable, type Runnable } from './openRunnable';
import { runBatches } from './runBatches';

/**
 * Evaluates a model file on data, with the cuts of a plan applied to its weights as they are read.
 * Progress is reported in the phase `evaluate`; who knows what it is for renames it.
 * @returns null where the data has no labels
 * @throws UnsupportedError for a model that cannot be run; UsageError for data that does not fit it;
 *   FormatError, IoError; CancelledError.
 */
export async function evaluateFile(
  params: JobParams<'evaluate'>,
  control: JobControl,
): Promise<Evaluation | null> {
  const runnable = await openRunnable(params, params, control);
  try {
    return await evaluateRunnable(runnable, params, control);
  } finally {
    await runnable.close();
  }
}

async function evaluateRunnable(
  { graph, executor, dataset, plan }: Runnable,
  params: JobParams<'evaluate'>,
  control: JobControl,
): Promise<Evaluation | null> {
  const used = params.probe === true ? firstSamples(dataset, plan.size) : dataset;
  const scoring = new ModelScoring(graph, used, scoringChoice(params));
  if (!scoring.hasLabels) return null;
  for await (const { first, outputs, batch, sampleCount } of runBatches(
    executor,
    used,
    plan,
    control,
  )) {
    scoring.add(first, outputs, batch, sampleCount);
  }
  return scoring.evaluation(executor.engine);
}

/** How the terms of a request say that outputs are measured. */
export function scoringChoice({ data, seed }: EvaluationTerms): ScoringChoice {
  return { folds: data.folds ?? null, seed, loss: data.loss, topK: data.topK };
}
