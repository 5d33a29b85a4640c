import { UsageError } from '../errors';
import type { DenseArray } from '../graph/executor';
import { finalActivation } from '../graph/finalActivation';
import type { Graph } from '../graph/graph';
import type { Loss } from '../recipe/recipe';
import type { DistributionKind } from './agreementMeter';
import type { MeasuredScores } from './compareScores';
import type { Batch, Dataset, Targets } from './dataset';
import type { Evaluation } from './evaluation';
import { chooseMeasure } from './measure';
import { emptyScores, scoreBatch } from './sampleScores';
import { summarizeScores, type SummaryChoice } from './summarizeScores';

/** How a model is measured. */
export interface ScoringChoice extends SummaryChoice {
  readonly loss?: Loss | undefined;
  readonly topK?: number | undefined;
}

/** What one output scored. */
export interface ScoredOutput extends MeasuredScores {
  readonly name: string;
  /** In the graph's outputs. */
  readonly index: number;
}

/** Holds the outputs of a model against the labels, batch by batch. */
export class ModelScoring {
  readonly #graph: Graph;
  readonly #dataset: Dataset;
  readonly #choice: ScoringChoice;
  /** By output; null where it has no labels. How it is measured is known with the first batch. */
  readonly #scores: (ScoredOutput | null)[] = [];

  /** @throws UsageError when the data has labels for outputs that the model does not have. */
  constructor(graph: Graph, dataset: Dataset, choice: ScoringChoice) {
    if (dataset.targets.length > graph.outputs.length) {
      throw new UsageError(
        `${dataset.name}: labels for ${dataset.targets.length} outputs; the model has ${graph.outputs.length}: ${graph.outputs.map(({ name }) => name).join(', ')}`,
      );
    }
    this.#graph = graph;
    this.#dataset = dataset;
    this.#choice = choice;
  }

  /** Whether there is anything to measure by. */
  get hasLabels(): boolean {
    return this.#dataset.targets.some((targets) => targets !== null);
  }

  /** The outputs of samples `first` and following. @throws UsageError for labels that do not fit. */
  add(first: number, outputs: readonly DenseArray[], batch: Batch, sampleCount: number): void {
    this.#dataset.targets.forEach((targets, index) => {
      const output = outputs[index];
      if (targets === null || output === undefined) return;
      const scored = (this.#scores[index] ??= this.#start(index, output, targets, sampleCount));
      const rows = batch.targets[index] ?? new Float64Array(0);
      const { measure, scores } = scored;
      scoreBatch(scores, first, output, { rows, targets, measure, sampleCount });
    });
  }

  #start(index: number, output: DenseArray, targets: Targets, batchSamples: number): ScoredOutput {
    const { sampleCount } = this.#dataset;
    const outputCount = output.values.length / batchSamples;
    const activation = finalActivation(this.#graph, index);
    const traits = { count: outputCount, activation };
    const measure = chooseMeasure(targets, traits, this.#choice.loss);
    const { topK } = this.#choice;
    const scores = emptyScores({ sampleCount, outputCount, measure, targets, topK });
    return { name: this.#graph.outputs[index]?.name ?? '', index, measure, scores };
  }

  /** The scores of the outputs that have labels, in the graph's order. */
  get scored(): readonly ScoredOutput[] {
    return this.#scores.filter((scored) => scored !== null);
  }

  /** How an output is read as a distribution over classes, by its labels or else by its activation. */
  distributionOf(index: number): DistributionKind {
    const measure = this.#scores[index]?.measure;
    if (measure !== undefined) return measure.targets === 'values' ? null : measure.outputs;
    const activation = finalActivation(this.#graph, index);
    if (activation?.name === 'softmax') return 'probabilities';
    return activation?.name === 'logSoftmax' ? 'logits' : null;
  }

  /** @returns null where nothing has labels. */
  evaluation(engine: string): Evaluation | null {
    const outputs = this.scored.map((scored) => ({
      name: scored.name,
      figures: summarizeScores(scored, this.#choice),
    }));
    const [first] = outputs;
    if (first === undefined) return null;
    return {
      samples: this.#dataset.sampleCount,
      ...first.figures,
      engine,
      ...(outputs.length > 1
        ? { outputs: outputs.map(({ name, figures }) => ({ name, ...figures })) }
        : {}),
    };
  }
}
