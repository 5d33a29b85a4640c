import type { Dataset } from '../../core/evaluation/dataset';
import type { EvaluatedModel, EvaluationTerms } from '../../core/evaluation/evaluateRequest';
import type { Executor } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import type { Model } from '../../core/model/model';
import { verifyChecksums } from '../../core/model/verifyChecksums';
import { type JobControl, throwIfCancelled, unattended } from '../../core/progress';
import type { PlanEntry } from '../../core/report/plan';
import { loadData } from '../../node/data/loadData';
import { modelTraits } from '../../node/data/modelTraits';
import { inputFormatOf } from '../../node/data/sampleLayout';
import { openModelFile } from '../../node/openModel';
import { createExecutor } from '../chooseEngine';
import { runnableGraph } from '../runnableGraph';
import { type BatchPlan, planBatches } from './batchPlan';

/** A model on an engine, with the data as it takes it. */
export interface Runnable {
  readonly graph: Graph;
  readonly executor: Executor;
  readonly dataset: Dataset;
  readonly plan: BatchPlan;
  /** The same file with its weights cut as they are read; the caller disposes of it. */
  executorWith(cuts: readonly PlanEntry[]): Promise<Executor>;
  close(): Promise<void>;
}

/**
 * Opens a model file, makes it ready to run and fits the data to it.
 * @param shared a model whose data is taken where this one takes it in the same form
 * @throws UnsupportedError for a model that cannot be run; UsageError for data that does not fit it;
 *   FormatError, IoError; CancelledError.
 */
export async function openRunnable(
  subject: EvaluatedModel,
  terms: EvaluationTerms,
  control: JobControl,
  shared?: Runnable,
): Promise<Runnable> {
  const opened = await openModelFile(subject.path, { architecture: subject.architecture });
  const closing: (() => void | Promise<void>)[] = [() => opened.close()];
  const close = async (): Promise<void> => {
    for (const one of closing.reverse()) await one();
  };
  try {
    const { model } = opened;
    const graph = runnableGraph(model);
    await verifyChecksums(model, { ...unattended, signal: control.signal });
    const dataset = await datasetFor({ model, graph, terms, control }, shared);
    if (dataset !== shared?.dataset) closing.push(() => dataset.close());
    throwIfCancelled(control.signal);
    const { sampleShapes } = dataset;
    const plan = planBatches({ graph, tensors: model.tensors, sampleShapes }, terms.batchDivisor);
    const inputShapes = sampleShapes.map((shape) => [plan.fixedSize ?? 1, ...shape]);
    const executorWith = (cuts: readonly PlanEntry[]): Promise<Executor> =>
      createExecutor(model, { cuts, choice: terms.engine, inputShapes });
    const executor = await executorWith(subject.cuts);
    closing.push(() => executor.dispose());
    return { graph, executor, dataset, plan, executorWith, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface DatasetRequest {
  readonly model: Model;
  readonly graph: Graph;
  readonly terms: EvaluationTerms;
  readonly control: JobControl;
}

async function datasetFor(
  { model, graph, terms, control }: DatasetRequest,
  shared: Runnable | undefined,
): Promise<Dataset> {
  if (shared !== undefined && takesSameForm(shared.graph, graph)) return shared.dataset;
  return loadData(terms.data, graph, modelTraits(model) ?? undefined, control);
}

/** Whether samples prepared for one graph are what the other takes. */
function takesSameForm(one: Graph, other: Graph): boolean {
  const formOf = (graph: Graph): string =>
    JSON.stringify(
      graph.inputs.map(({ value, shape, type }) => [
        shape.slice(1),
        type,
        inputFormatOf(graph, value),
      ]),
    );
  return formOf(one) === formOf(other);
}
