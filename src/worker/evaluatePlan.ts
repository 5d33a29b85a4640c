import { stat } from 'node:fs/promises';
import type { Evaluate, EvaluateRequest } from '../core/evaluation/evaluateRequest';
import type { Evaluation } from '../core/evaluation/evaluation';
import type { ReportProgress } from '../core/progress';
import { planPrune } from '../core/selection/planPrune';
import type { WorkerParams, WorkerResult } from '../protocol/hostWorker';
import { runJob } from './jobClient';
import type { ModelSession } from './modelSessions';
import { stderrLogger } from './rpc/stderrLogger';

interface EvaluateControl {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** Evaluates a model as it is and, where that is asked for, as the recipe would leave it. */
export async function evaluatePlan(
  session: ModelSession,
  { recipe, data, planned }: WorkerParams<'evaluate'>,
  control: EvaluateControl,
): Promise<WorkerResult<'evaluate'>> {
  const architecture = recipe.architecture ?? null;
  const { path, model } = session.opened;
  const request: EvaluateRequest = { path, architecture, cuts: [], data, seed: recipe.seed };
  const before = await evaluateOriginal(session, request, control);
  if (!planned) return { before, after: null };
  const plan = await planPrune(model, recipe, control);
  const after = await evaluateInJob(
    { ...request, cuts: plan.entries },
    renamed(control, 'evaluate-after'),
  );
  return { before, after };
}

/** The pipeline's port for evaluation: a compute child of its own. */
export const evaluateInJob: Evaluate = (request, { signal, report }) =>
  runJob('evaluate', request, {
    signal: signal instanceof AbortSignal ? signal : undefined,
    report,
    onLine: (line) => stderrLogger.info(`compute: ${line}`),
  });

/** The original stays the same while plans change, so it is evaluated once for each data set. */
async function evaluateOriginal(
  { evaluations }: ModelSession,
  request: EvaluateRequest,
  control: EvaluateControl,
): Promise<Evaluation> {
  const key = await evaluationKey(request);
  const known = evaluations.get(key);
  if (known !== undefined) return known;
  const evaluation = await evaluateInJob(request, renamed(control, 'evaluate-before'));
  evaluations.set(key, evaluation);
  return evaluation;
}

async function evaluationKey({ data, seed }: EvaluateRequest): Promise<string> {
  const { size, mtimeMs } = await stat(data.file);
  return JSON.stringify([data, seed, size, mtimeMs]);
}

function renamed(
  { signal, report }: EvaluateControl,
  phase: 'evaluate-before' | 'evaluate-after',
): EvaluateControl {
  return { signal, report: (progress) => report({ ...progress, phase }) };
}
