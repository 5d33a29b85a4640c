import { UsageError } from '../errors';
import type { LossObjective } from '../graph/executor';
import { finalActivation } from '../graph/finalActivation';
import type { Graph } from '../graph/graph';
import { inferShapes } from '../graph/inferShapes';
import type { TensorEntry } from '../model/model';
import type { Loss } from '../recipe/recipe';
import type { Batch, Dataset, Targets } from './dataset';
import { chooseMeasure, type Measure } from './measure';

/** A run of samples of a data set. */
export interface SampleRun {
  readonly first: number;
  readonly sampleCount: number;
  readonly batch: Batch;
}

/** What a data set expects of a model, as objectives to be differentiated. */
export interface BatchObjectives {
  /** One for each output that has labels; the loss of the model is the sum of theirs. */
  of(run: SampleRun): readonly LossObjective[];
}

/**
 * The losses of a model on a data set: chosen, or guessed as an evaluation guesses them.
 * @throws UsageError where nothing has labels, or they do not fit the outputs.
 */
export function batchObjectives(
  { graph, tensors }: { readonly graph: Graph; readonly tensors: readonly TensorEntry[] },
  dataset: Dataset,
  choice: { readonly loss?: Loss | undefined; readonly reduction: 'mean' | 'sum' },
): BatchObjectives {
  const shapes = inferShapes(
    graph,
    tensors,
    dataset.sampleShapes.map((shape) => [1, ...shape]),
  );
  const outputs = dataset.targets.flatMap((targets, index) => {
    const output = graph.outputs[index];
    if (targets === null || output === undefined) return [];
    const count = (shapes.get(output.value)?.shape ?? []).reduce((size, n) => size * n, 1);
    const activation = finalActivation(graph, index);
    const measure = chooseMeasure(targets, { count, activation }, choice.loss);
    return [{ index, targets, measure, count }];
  });
  if (outputs.length === 0) {
    throw new UsageError(
      `${dataset.name}: found no labels, and a loss has to be differentiated; allowed: data with labels (--labels)`,
    );
  }
  return {
    of: (run) =>
      outputs.map((output) => ({
        kind: 'loss',
        loss: output.measure.loss,
        output: output.index,
        targets: targetsOf(output, run),
        reduction: choice.reduction,
      })),
  };
}

interface MeasuredOutput {
  readonly index: number;
  readonly targets: Targets;
  readonly measure: Measure;
  /** Numbers a sample. */
  readonly count: number;
}

function targetsOf(
  { index, targets, measure, count }: MeasuredOutput,
  { first, sampleCount, batch }: SampleRun,
): LossObjective['targets'] {
  if (targets.kind === 'array') {
    return { kind: 'values', values: Float32Array.from(batch.targets[index] ?? []) };
  }
  const column = targets.values.subarray(first, first + sampleCount);
  if (measure.targets !== 'classes') return { kind: 'values', values: Float32Array.from(column) };
  if (measure.loss !== 'mse') return { kind: 'classes', classes: column };
  return { kind: 'values', values: oneHot(column, count) };
}

/** Of a single output the class itself, 0 or 1. */
function oneHot(classes: Float64Array, count: number): Float32Array {
  if (count === 1) return Float32Array.from(classes);
  const values = new Float32Array(classes.length * count);
  classes.forEach((label, sample) => (values[sample * count + label] = 1));
  return values;
}
