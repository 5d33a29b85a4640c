import { UsageError } from '../../core/errors';
import type { Dataset, Targets } from '../../core/evaluation/dataset';
import type { Evaluation } from '../../core/evaluation/evaluation';
import { chooseMeasure, type Measure } from '../../core/evaluation/measure';
import { emptyScores, type SampleScores, scoreBatch } from '../../core/evaluation/sampleScores';
import { summarizeScores } from '../../core/evaluation/summarizeScores';
import type { DenseArray, Executor } from '../../core/graph/executor';
import { finalActivation } from '../../core/graph/finalActivation';
import type { Graph } from '../../core/graph/graph';
import type { Model } from '../../core/model/model';
import { verifyChecksums } from '../../core/model/verifyChecksums';
import { type JobControl, throwIfCancelled, unattended } from '../../core/progress';
import { loadData } from '../../node/data/loadData';
import { modelTraits } from '../../node/data/modelTraits';
import { openModelFile } from '../../node/openModel';
import type { JobParams } from '../../protocol/workerJob';
import { createExecutor } from '../chooseEngine';
import { runnableGraph } from '../runnableGraph';
import { batchSizeFor } from './batchSize';
import { runBatches } from './runBatches';

/**
 * Evaluates a model file on data, with the cuts of a plan applied to its weights as they are read. A model
 * with several outputs is measured by its first.
 * Progress is reported in the phase `evaluate`; who knows what it is for renames it.
 * @throws UnsupportedError for a model that cannot be run; UsageError for data that does not fit it;
 *   FormatError, IoError; CancelledError.
 */
export async function evaluateFile(
  params: JobParams<'evaluate'>,
  control: JobControl,
): Promise<Evaluation> {
  const opened = await openModelFile(params.path, { architecture: params.architecture });
  try {
    return await evaluateModel(opened.model, params, control);
  } finally {
    await opened.close();
  }
}

async function evaluateModel(
  model: Model,
  params: JobParams<'evaluate'>,
  control: JobControl,
): Promise<Evaluation> {
  const graph = runnableGraph(model);
  await verifyChecksums(model, { ...unattended, signal: control.signal });
  const dataset = await loadData(params.data, graph, modelTraits(model) ?? undefined);
  try {
    throwIfCancelled(control.signal);
    const executor = await createExecutor(model, {
      cuts: params.cuts,
      choice: params.engine,
      inputShapes: dataset.sampleShapes.map((shape) => [1, ...shape]),
    });
    try {
      const batchSize = batchSizeFor(graph, model.tensors, dataset.sampleShapes);
      const scoring = new Scoring(graph, dataset, params);
      return await scoreDataset({ executor, dataset, batchSize, scoring }, control);
    } finally {
      executor.dispose();
    }
  } finally {
    await dataset.close();
  }
}

interface ScoreRun {
  readonly executor: Executor;
  readonly dataset: Dataset;
  readonly batchSize: number;
  readonly scoring: Scoring;
}

async function scoreDataset(run: ScoreRun, control: JobControl): Promise<Evaluation> {
  const { executor, dataset, batchSize, scoring } = run;
  for await (const { first, batch, outputs } of runBatches(executor, dataset, batchSize, control)) {
    const [output] = outputs;
    if (output !== undefined) scoring.add(first, output, batch);
  }
  return scoring.finish();
}

/** Figures of one data set: how they are measured is known with the first output. */
class Scoring {
  private state: { readonly measure: Measure; readonly scores: SampleScores } | null = null;

  constructor(
    private readonly graph: Graph,
    private readonly dataset: Dataset,
    private readonly params: Pick<JobParams<'evaluate'>, 'data' | 'seed'>,
  ) {}

  add(first: number, output: DenseArray, batch: Parameters<typeof scoreBatch>[3]['batch']): void {
    this.state ??= this.start(output);
    const { measure, scores } = this.state;
    scoreBatch(scores, first, output, { batch, targets: this.targets(), measure });
  }

  finish(): Evaluation {
    if (this.state === null) throw new Error('a data set has at least one sample');
    const { folds } = this.params.data;
    const kFold = folds === undefined ? null : { folds, seed: this.params.seed };
    return summarizeScores(this.state.scores, this.state.measure, kFold);
  }

  private targets(): Targets {
    const [targets] = this.dataset.targets;
    if (targets === undefined || targets === null)
      throw new UsageError(`${this.dataset.name}: found no labels; allowed: labels to measure by`);
    return targets;
  }

  private start(output: DenseArray): NonNullable<Scoring['state']> {
    const { sampleCount } = this.dataset;
    const targets = this.targets();
    const count = output.values.length / (output.shape[0] ?? 1);
    const traits = { count, activation: finalActivation(this.graph) };
    const measure = chooseMeasure(targets, traits, this.params.data.loss);
    return { measure, scores: emptyScores(sampleCount, measure, targets) };
  }
}
