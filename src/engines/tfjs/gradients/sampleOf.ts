import { UsageError } from '../../../core/errors';
import type { DenseArray, ObjectiveTargets } from '../../../core/graph/executor';

/** One sample of an array, as a batch of one; views the same memory. */
export function sampleOf({ shape, values }: DenseArray, sample: number): DenseArray {
  const [samples = 1, ...rest] = shape;
  const size = values.length / samples;
  return { shape: [1, ...rest], values: values.subarray(sample * size, (sample + 1) * size) };
}

/** The share of one of `samples` samples in the targets of a batch. @throws UsageError where they do not divide. */
export function targetsOfSample(
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
