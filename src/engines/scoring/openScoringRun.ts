import type { ScoreRequest } from '../../core/criteria/scoringPort';
import { DEFAULT_ENGINE } from '../../core/graph/engineChoice';
import { verifyChecksums } from '../../core/model/verifyChecksums';
import { tensorNamed } from '../../core/model/model';
import { type JobControl, unattended } from '../../core/progress';
import { loadData } from '../../node/data/loadData';
import { modelTraits } from '../../node/data/modelTraits';
import { openModelFile } from '../../node/openModel';
import { planGradientBatches } from '../jobs/batchPlan';
import { executableGraph } from '../runnableGraph';
import { createTfjsExecutor } from '../tfjs/createTfjsExecutor';
import { startEngine } from '../tfjsNode/startEngine';
import { refuseNaN } from './refuseNaN';
import type { ScoringRun } from './scoringRun';

/** A run with what it holds open; to be closed. */
export interface OpenedScoringRun {
  readonly run: ScoringRun;
  /** What the run has said about its scores. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens a model file on an engine that differentiates, and fits the data to it.
 * @throws UnsupportedError for a model that cannot be run; UsageError for data that does not fit it;
 *   FormatError, IoError; CancelledError.
 */
export async function openScoringRun(
  request: ScoreRequest,
  given: JobControl,
): Promise<OpenedScoringRun> {
  const control = scoring(given);
  const opened = await openModelFile(request.path, { architecture: request.architecture });
  const notes: string[] = [];
  const closing: (() => void | Promise<void>)[] = [() => opened.close()];
  const close = async (): Promise<void> => {
    for (const one of closing.reverse()) await one();
  };
  try {
    const { model } = opened;
    const graph = executableGraph(model);
    await verifyChecksums(model, { ...unattended, signal: control.signal });
    const traits = modelTraits(model) ?? undefined;
    const dataset = refuseNaN(await loadData(request.data, graph, traits, control));
    closing.push(() => dataset.close());
    await startEngine(request.engine ?? DEFAULT_ENGINE);
    const executor = await createTfjsExecutor(model, request.cuts);
    closing.push(() => executor.dispose());
    const { sampleShapes } = dataset;
    const subject = { graph, tensors: model.tensors, sampleShapes };
    const { size, fixedSize } = planGradientBatches(subject, request.batchDivisor);
    const run: ScoringRun = {
      request,
      model,
      graph,
      executor,
      dataset,
      batchSize: size,
      fixedSize,
      tensors: request.tensors.map((name) => tensorNamed(model, name)),
      control,
      note: (text) => notes.push(text),
    };
    return { run, notes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Batches report that they evaluate; here they score. */
function scoring({ signal, report }: JobControl): JobControl {
  return { signal, report: (progress) => report({ ...progress, phase: 'score' }) };
}
