import type {
  ManyEvaluations,
  ModelFigures,
  VariantFigures,
} from '../../core/evaluation/evaluateMany';
import { missingLabels } from '../../core/evaluation/missingLabels';
import { type FigureScores, figureScores, manyFigures } from '../../core/evaluation/modelFigures';
import { ModelScoring } from '../../core/evaluation/modelScoring';
import type { Executor } from '../../core/graph/executor';
import type { JobControl } from '../../core/progress';
import type { JobParams } from '../../protocol/workerJob';
import { scoringChoice } from './evaluateFile';
import { KEPT_BATCHES_BYTES, MAX_WAITING_SCORES } from './limits';
import { openRunnable, type Runnable } from './openRunnable';
import { rememberBatches } from './rememberBatches';
import { runBatches } from './runBatches';

/**
 * Evaluates a model file as it is and under each of several cuts: the file, the engine and the data are
 * opened once, and every version reads its weights anew, each cut of the original. Progress is that of all.
 * @throws UsageError where the data has no labels; as {@link evaluateFile}.
 */
export async function evaluateMany(
  params: JobParams<'evaluateMany'>,
  control: JobControl,
): Promise<ManyEvaluations> {
  const { path, architecture, variants, seed } = params;
  const opened = await openRunnable({ path, architecture, cuts: [] }, params, control);
  try {
    const dataset = rememberBatches(opened.dataset, KEPT_BATCHES_BYTES);
    const run = { runnable: { ...opened, dataset }, params };
    const progress = partOf(control, variants.length + 1);
    const original = await scoreVersion(run, opened.executor, progress(0));
    const waiting: FigureScores[] = [];
    const found: VariantFigures[] = [];
    const measure = (): ModelFigures => {
      const figures = manyFigures(original, waiting.splice(0), seed);
      found.push(...figures.variants);
      return figures.original;
    };
    for (const [index, cuts] of variants.entries()) {
      const executor = await opened.executorWith(cuts);
      try {
        waiting.push(await scoreVersion(run, executor, progress(index + 1)));
      } finally {
        executor.dispose();
      }
      if (waiting.length * dataset.sampleCount > MAX_WAITING_SCORES) measure();
    }
    return {
      samples: dataset.sampleCount,
      engine: opened.executor.engine,
      original: measure(),
      variants: found,
    };
  } finally {
    await opened.close();
  }
}

interface ManyRun {
  readonly runnable: Runnable;
  readonly params: JobParams<'evaluateMany'>;
}

/** The scores of the first output that has labels. */
async function scoreVersion(
  { runnable: { graph, dataset, plan }, params }: ManyRun,
  executor: Executor,
  control: JobControl,
): Promise<FigureScores> {
  const scoring = new ModelScoring(graph, dataset, scoringChoice(params));
  if (!scoring.hasLabels) throw missingLabels(params.data);
  for await (const { first, outputs, batch, sampleCount } of runBatches(
    executor,
    dataset,
    plan,
    control,
  )) {
    scoring.add(first, outputs, batch, sampleCount);
  }
  const [scored] = scoring.scored;
  if (scored === undefined) throw missingLabels(params.data);
  return figureScores(scored);
}

/** The progress of one of several equal parts, as that of the whole. */
function partOf({ signal, report }: JobControl, parts: number): (index: number) => JobControl {
  return (index) => ({
    signal,
    report: (progress) =>
      report({
        ...progress,
        done: index + (progress.total === 0 ? 1 : progress.done / progress.total),
        total: parts,
      }),
  });
}
