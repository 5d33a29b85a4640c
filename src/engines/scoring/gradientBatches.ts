import { batchObjectives } from '../../core/evaluation/batchObjective';
import type {
  DenseArray,
  LossObjective,
  LossSum,
  ObjectiveTargets,
} from '../../core/graph/executor';
import type { JobControl } from '../../core/progress';
import { fillUp, readBatches } from '../jobs/runBatches';
import type { ScoringRun } from './scoringRun';

/** A batch in the size that the network takes, of which the first samples count. */
export interface FilledBatch {
  readonly inputs: readonly DenseArray[];
  readonly countedSamples: number;
}

/** With what the network should have given: the sum of its losses over the samples that count, and outputs. */
export interface LabelledBatch extends FilledBatch {
  readonly objective: LossSum;
}

/** Which of how many passes over the data, for progress. */
export interface Pass {
  readonly index: number;
  readonly count: number;
}

const ONLY_PASS: Pass = { index: 0, count: 1 };

/** The data batch by batch, where it needs no labels. */
export async function* filledBatches(
  run: ScoringRun,
  pass = ONLY_PASS,
): AsyncGenerator<FilledBatch, void, undefined> {
  const { dataset, batchSize, fixedSize } = run;
  for await (const { batch, sampleCount } of readBatches(dataset, batchSize, inPass(run, pass))) {
    const inputs = batch.inputs.map((input) => filled(input, sampleCount, fixedSize));
    yield { inputs, countedSamples: sampleCount };
  }
}

/** The data batch by batch, with its losses. @throws UsageError where nothing has labels. */
export async function* labelledBatches(
  run: ScoringRun,
  pass = ONLY_PASS,
): AsyncGenerator<LabelledBatch, void, undefined> {
  const { dataset, batchSize, fixedSize, graph, model, request } = run;
  const choice = { loss: request.data.loss, reduction: 'sum' } as const;
  const objectives = batchObjectives({ graph, tensors: model.tensors }, dataset, choice);
  for await (const read of readBatches(dataset, batchSize, inPass(run, pass))) {
    const { sampleCount, batch } = read;
    const losses = objectives.of(read).map((loss): LossObjective => ({
      ...loss,
      targets: filledTargets(loss.targets, sampleCount, fixedSize),
      countedSamples: sampleCount,
    }));
    const inputs = batch.inputs.map((input) => filled(input, sampleCount, fixedSize));
    yield { inputs, countedSamples: sampleCount, objective: { kind: 'losses', losses } };
  }
}

/** Each pass fills its own part of the bar. */
function inPass({ control }: ScoringRun, { index, count }: Pass): JobControl {
  return {
    ...control,
    report: ({ done, total, ...rest }) => {
      control.report({ ...rest, done: done + index * total, total: count * total });
    },
  };
}

function filled(array: DenseArray, sampleCount: number, fixedSize: number | null): DenseArray {
  return fixedSize === null || fixedSize === sampleCount
    ? array
    : fillUp(array, sampleCount, fixedSize);
}

function filledTargets(
  targets: ObjectiveTargets,
  sampleCount: number,
  fixedSize: number | null,
): ObjectiveTargets {
  const numbers = Float32Array.from(targets.kind === 'classes' ? targets.classes : targets.values);
  const shape = [sampleCount, numbers.length / sampleCount];
  const { values } = filled({ shape, values: numbers }, sampleCount, fixedSize);
  return targets.kind === 'classes'
    ? { kind: 'classes', classes: values }
    : { kind: 'values', values };
}
