import { UsageError } from '../../../core/errors';
import type {
  DenseArray,
  LossObjective,
  ObjectiveTargets,
  SquaredGradientRequest,
} from '../../../core/graph/executor';

/** One sample of an array, as a batch of one; views the same memory. */
export function sampleOf({ shape, values }: DenseArray, sample: number): DenseArray {
  const [samples = 1, ...rest] = shape;
  const size = values.length / samples;
  return { shape: [1, ...rest], values: values.subarray(sample * size, (sample + 1) * size) };
}

/** A batch of one, so many times. */
export function repeated({ shape, values }: DenseArray, copies: number): DenseArray {
  if (copies === 1) return { shape, values };
  return { shape: shape.with(0, copies), values: repeatedValues(values, copies) };
}

function repeatedValues(values: Float32Array, copies: number): Float32Array {
  const whole = new Float32Array(values.length * copies);
  for (let copy = 0; copy < copies; copy++) whole.set(values, copy * values.length);
  return whole;
}

/** Which sample of how many, and how often it stands in the batch of its own. */
interface SamplePlace {
  readonly sample: number;
  readonly samples: number;
  readonly copies: number;
}

/** An objective of a batch for one of its samples alone. @throws UsageError where targets do not divide. */
export function objectiveOfSample(
  objective: SquaredGradientRequest['objective'],
  place: SamplePlace,
): SquaredGradientRequest['objective'] {
  switch (objective.kind) {
    case 'loss':
      return lossOfSample(objective, place);
    case 'losses':
      return { ...objective, losses: objective.losses.map((loss) => lossOfSample(loss, place)) };
    case 'loss-curvature':
      return { ...objective, loss: { ...objective.loss, countedSamples: 1 } };
    case 'each-output':
      return { ...objective, countedSamples: 1 };
  }
}

function lossOfSample(
  loss: LossObjective,
  { sample, samples, copies }: SamplePlace,
): LossObjective {
  const own = targetsOfSample(loss.targets, sample, samples);
  const targets: ObjectiveTargets =
    own.kind === 'values'
      ? { kind: 'values', values: repeatedValues(own.values, copies) }
      : {
          kind: 'classes',
          classes: Array.from({ length: copies }, () => own.classes).flatMap((one) =>
            Array.from(one),
          ),
        };
  return { ...loss, targets, countedSamples: 1 };
}

/** The share of one of `samples` samples in the targets of a batch. @throws UsageError where they do not divide. */
function targetsOfSample(
  targets: ObjectiveTargets,
  sample: number,
  samples: number,
): ObjectiveTargets {
  const all = targets.kind === 'classes' ? targets.classes : targets.values;
  const size = all.length / samples;
  if (!Number.isInteger(size)) {
    throw new UsageError(`targets: found ${all.length} of them; the batch has ${samples} samples`);
  }
  const [from, to] = [sample * size, (sample + 1) * size];
  if (targets.kind === 'values')
    return { kind: 'values', values: targets.values.subarray(from, to) };
  return { kind: 'classes', classes: Array.from(targets.classes).slice(from, to) };
}
