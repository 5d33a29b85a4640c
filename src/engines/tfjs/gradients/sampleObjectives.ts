import type {
  DenseArray,
  LossCurvature,
  LossObjective,
  Objective,
  SquaredGradientRequest,
} from '../../../core/graph/executor';

/**
 * What is differentiated alone of each sample of a batch: its loss, or one of its output's elements after the
 * other, or the root of its loss's curvature. One at a time, because each is as large as the output.
 * @param batchSize samples of the batch
 * @param outputs of the batch, by index; called where the objective is made of them
 */
export async function* sampleObjectives(
  objective: SquaredGradientRequest['objective'],
  batchSize: number,
  outputs: () => Promise<readonly DenseArray[]>,
): AsyncGenerator<Objective> {
  switch (objective.kind) {
    case 'loss':
      yield { ...objective, reduction: 'sum' };
      return;
    case 'losses':
      yield {
        ...objective,
        losses: objective.losses.map((loss) => ({ ...loss, reduction: 'sum' })),
      };
      return;
    case 'each-output':
      yield* eachElement(await outputs(), { ...objective, batchSize }, 1);
      return;
    case 'loss-curvature':
      yield* curvatureRoots(await outputs(), objective, batchSize);
  }
}

/** The index of the output that an objective looks at, of how many samples, and how many of them count. */
interface Place {
  readonly output?: number;
  readonly countedSamples?: number;
  readonly batchSize: number;
}

/** Each element of a sample by itself, times a factor, in all samples at once. */
function* eachElement(
  outputs: readonly DenseArray[],
  { output: at = 0, countedSamples, batchSize }: Place,
  factor: number,
): Generator<Objective> {
  const { samples, each, size, inner } = extentOf(outputs[at], batchSize);
  const counted = countedSamples ?? samples;
  for (let element = 0; element < each; element++) {
    const chosen = new Float32Array(size);
    const [outer, rest] = [Math.floor(element / inner), element % inner];
    for (let sample = 0; sample < counted; sample++) {
      chosen[(outer * samples + sample) * inner + rest] = factor;
    }
    yield {
      kind: 'weighted-outputs',
      weights: outputs.map((_, i) => (i === at ? chosen : null)),
    };
  }
}

function* curvatureRoots(
  outputs: readonly DenseArray[],
  { loss }: LossCurvature,
  batchSize: number,
): Generator<Objective> {
  const output = outputs[loss.output ?? 0];
  const { samples, each } = extentOf(output, batchSize);
  if (loss.loss === 'mse') {
    yield* eachElement(outputs, { ...loss, batchSize }, Math.sqrt(2 / each));
    return;
  }
  const classes = output?.shape.at(-1) ?? 1;
  const values = output?.values ?? new Float32Array(0);
  const labelled = { loss, values, samples, each };
  yield* classes === 1 ? rootsOfSingle(labelled) : rootsOfClasses(labelled, classes);
}

/** An output with labels, sample by sample as they are. */
interface LabelledOutput {
  readonly loss: LossObjective;
  readonly values: Float32Array;
  readonly samples: number;
  /** Elements a sample. */
  readonly each: number;
}

/** The loss is linear in its targets, so that the root of a probability as target is a factor of the class's loss. */
function* rootsOfClasses(
  { loss, values, samples, each }: LabelledOutput,
  classes: number,
): Generator<Objective> {
  const positions = each / classes;
  const probabilities = probabilitiesOf(values, loss, classes);
  for (let element = 0; element < each; element++) {
    const targets = new Float32Array(values.length);
    for (let sample = 0; sample < samples; sample++) {
      const place = sample * each + element;
      targets[place] = Math.sqrt((probabilities[place] ?? 0) * positions);
    }
    yield { ...loss, reduction: 'sum', targets: { kind: 'values', values: targets } };
  }
}

/** The derivative with respect to a logit is p - target: so a target sets it to what is wanted. */
function* rootsOfSingle({ loss, values, samples, each }: LabelledOutput): Generator<Objective> {
  const probabilities = values.map((value) =>
    loss.loss === 'ce' ? value : 1 / (1 + Math.exp(-value)),
  );
  for (let element = 0; element < each; element++) {
    const targets = probabilities.slice();
    for (let sample = 0; sample < samples; sample++) {
      const p = probabilities[sample * each + element] ?? 0;
      targets[sample * each + element] = p - Math.sqrt(each * p * (1 - p));
    }
    yield { ...loss, reduction: 'sum', targets: { kind: 'values', values: targets } };
  }
}

function probabilitiesOf(
  values: Float32Array,
  { loss }: LossObjective,
  classes: number,
): Float32Array | Float64Array {
  if (loss === 'ce') return values;
  const probabilities = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += classes) {
    const logits = values.subarray(row, row + classes);
    const largest = logits.reduce((max, value) => Math.max(max, value), -Infinity);
    const powers = Float64Array.from(logits, (value) => Math.exp(value - largest));
    const total = powers.reduce((sum, value) => sum + value, 0);
    probabilities.set(
      powers.map((value) => value / total),
      row,
    );
  }
  return probabilities;
}

/** How the elements of an output are those of samples. */
interface Extent {
  readonly samples: number;
  /** Elements a sample. */
  readonly each: number;
  readonly size: number;
  /** Elements of one sample that lie together. */
  readonly inner: number;
}

/** Samples lie along the first axis of their number, which of a recurrent layer's states is not in front; else rows. */
function extentOf(output: DenseArray | undefined, samples: number): Extent {
  const { shape = [samples], values = new Float32Array(0) } = output ?? {};
  const each = values.length / Math.max(samples, 1);
  const axis = shape.indexOf(samples);
  const inner = axis < 0 ? each : shape.slice(axis + 1).reduce((size, n) => size * n, 1);
  return { samples, each, size: values.length, inner };
}
