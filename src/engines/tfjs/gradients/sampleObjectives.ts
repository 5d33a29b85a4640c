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
 * @param outputs of the batch, by index; called where the objective is made of them
 */
export async function* sampleObjectives(
  objective: SquaredGradientRequest['objective'],
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
      yield* eachElement(await outputs(), objective, 1);
      return;
    case 'loss-curvature':
      yield* curvatureRoots(await outputs(), objective);
  }
}

/** The index of the output that an objective looks at, and how many samples count. */
interface Place {
  readonly output?: number;
  readonly countedSamples?: number;
}

/** Each element of a sample by itself, times a factor, in all samples at once. */
function* eachElement(
  outputs: readonly DenseArray[],
  { output: at = 0, countedSamples }: Place,
  factor: number,
): Generator<Objective> {
  const { samples, each, size } = extentOf(outputs[at]);
  for (let element = 0; element < each; element++) {
    const chosen = new Float32Array(size);
    const counted = countedSamples ?? samples;
    for (let sample = 0; sample < counted; sample++) chosen[sample * each + element] = factor;
    yield {
      kind: 'weighted-outputs',
      weights: outputs.map((_, i) => (i === at ? chosen : null)),
    };
  }
}

function* curvatureRoots(
  outputs: readonly DenseArray[],
  { loss }: LossCurvature,
): Generator<Objective> {
  const output = outputs[loss.output ?? 0];
  if (loss.loss === 'mse') {
    yield* eachElement(outputs, loss, Math.sqrt(2 / extentOf(output).each));
    return;
  }
  const classes = output?.shape.at(-1) ?? 1;
  yield* classes === 1 ? rootsOfSingle(output, loss) : rootsOfClasses(output, loss, classes);
}

/** The loss is linear in its targets, so that the root of a probability as target is a factor of the class's loss. */
function* rootsOfClasses(
  output: DenseArray | undefined,
  loss: LossObjective,
  classes: number,
): Generator<Objective> {
  const { samples, each, size } = extentOf(output);
  const positions = each / classes;
  const probabilities = probabilitiesOf(output?.values ?? new Float32Array(0), loss, classes);
  for (let element = 0; element < each; element++) {
    const values = new Float32Array(size);
    for (let sample = 0; sample < samples; sample++) {
      const place = sample * each + element;
      values[place] = Math.sqrt((probabilities[place] ?? 0) * positions);
    }
    yield { ...loss, reduction: 'sum', targets: { kind: 'values', values } };
  }
}

/** The derivative with respect to a logit is p - target: so a target sets it to what is wanted. */
function* rootsOfSingle(output: DenseArray | undefined, loss: LossObjective): Generator<Objective> {
  const { samples, each } = extentOf(output);
  const probabilities = (output?.values ?? new Float32Array(0)).map((value) =>
    loss.loss === 'ce' ? value : 1 / (1 + Math.exp(-value)),
  );
  for (let element = 0; element < each; element++) {
    const values = probabilities.slice();
    for (let sample = 0; sample < samples; sample++) {
      const p = probabilities[sample * each + element] ?? 0;
      values[sample * each + element] = p - Math.sqrt(each * p * (1 - p));
    }
    yield { ...loss, reduction: 'sum', targets: { kind: 'values', values } };
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

function extentOf(output: DenseArray | undefined): {
  readonly samples: number;
  /** Elements a sample. */
  readonly each: number;
  readonly size: number;
} {
  const { shape = [1], values = new Float32Array(0) } = output ?? {};
  const [samples = 1] = shape;
  return { samples, each: values.length / Math.max(samples, 1), size: values.length };
}
