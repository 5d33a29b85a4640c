import type { EvaluateRequest } from '../core/evaluation/evaluateRequest';
import type { Evaluation } from '../core/evaluation/evaluation';
import { missingLabels } from '../core/evaluation/missingLabels';
import type { CancelSignal, ReportProgress } from '../core/progress';
import { planPrune } from '../core/selection/planPrune';
import { planScoring } from '../core/selection/planScoring';
import { openModelFile } from '../node/openModel';
import type { WorkerParams, WorkerResult } from '../protocol/hostWorker';
import { currentEngine } from './currentEngine';
import { dataFingerprint } from './dataFingerprint';
import type { JobOptions } from './jobClient';
import { jobNetworks } from './jobNetworks';
import { defaultJobLimit, jobPool } from './jobPool';
import type { ModelSession } from './modelSessions';
import { stderrLogger } from './rpc/stderrLogger';

interface EvaluateControl {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/**
 * Evaluates a model as it is and, where that is asked for, as the recipe would leave it, on the same samples.
 * @throws UsageError where the data has no labels and there is nothing to compare.
 */
export async function evaluatePlan(
  session: ModelSession,
  { recipe, data, planned }: WorkerParams<'evaluate'>,
  control: EvaluateControl,
): Promise<WorkerResult<'evaluate'>> {
  const architecture = recipe.architecture ?? null;
  const { path, model } = session.opened;
  const original = { path, architecture, cuts: [] };
  const terms = { data, seed: recipe.seed };
  if (!planned) {
    const before = await evaluateOriginal(session, { ...original, ...terms }, control);
    return { before, after: null, comparison: null };
  }
  const scoring = planScoring(session.scoring, path, { ...recipe, data }, openModelFile);
  const { entries } = await planPrune(model, recipe, control, scoring);
  const after = { ...original, cuts: entries };
  const request = { before: original, after, ...terms, latency: true };
  return networksInJobs.evaluation.compare(request, renamed(control, 'evaluate-after'));
}

/** The pipeline's ports for networks: a compute child of its own for each request. */
export const networksInJobs = jobNetworks(
  (method, params, control) => jobPool.run(method, params, watched(control)),
  defaultJobLimit(),
);

function watched({
  signal,
  report,
}: {
  readonly signal: CancelSignal;
  readonly report: ReportProgress;
}): JobOptions {
  return {
    signal: signal instanceof AbortSignal ? signal : undefined,
    report,
    onLine: (line) => stderrLogger.info(`compute: ${line}`),
  };
}

/** The original stays the same while plans change, so it is evaluated once for each data set. */
async function evaluateOriginal(
  { evaluations }: ModelSession,
  request: EvaluateRequest,
  control: EvaluateControl,
): Promise<Evaluation> {
  const key = await evaluationKey(request);
  const known = evaluations.get(key);
  if (known !== undefined) return known;
  const evaluation = await networksInJobs.evaluation.evaluate(
    request,
    renamed(control, 'evaluate-before'),
  );
  if (evaluation === null) throw missingLabels(request.data);
  evaluations.set(key, evaluation);
  return evaluation;
}

async function evaluationKey({ data, seed }: EvaluateRequest): Promise<string> {
  return JSON.stringify([data, seed, await dataFingerprint(data), await currentEngine()]);
}

function renamed(
  { signal, report }: EvaluateControl,
  phase: 'evaluate-before' | 'evaluate-after',
): EvaluateControl {
  return { signal, report: (progress) => report({ ...progress, phase }) };
}
