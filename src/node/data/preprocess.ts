import { UsageError } from '../../core/errors';
import type { Values } from '../../core/model/decodeValues';
import type { DataRecipe } from '../../core/recipe/recipe';
import type { SampleLayout } from './sampleLayout';

/** Turns rows as the file has them into what the network gets: a new array. */
export type Preprocess = (rows: Values) => Float32Array;

/**
 * (x * scale - mean) / std, mean and std by channel, after the axes were brought into the network's order.
 * @throws UsageError when mean or std have another length than the channels, or a std is 0.
 */
export function makePreprocess(
  recipe: Pick<DataRecipe, 'scale' | 'mean' | 'std'>,
  layout: SampleLayout,
  dataShape: readonly number[],
): Preprocess {
  const { sampleShape } = layout;
  const { count: channels, inner } = layout.channels;
  const scale = recipe.scale ?? 1;
  const mean = perChannel(recipe.mean ?? [0], channels, 'mean');
  const std = perChannel(recipe.std ?? [1], channels, 'std');
  if (std.includes(0)) throw new UsageError('std: found 0; allowed: numbers other than 0');
  const elements = sampleShape.reduce((product, size) => product * size, 1);
  const order = layout.permutation === null ? null : sourceIndices(dataShape, layout.permutation);
  return (rows) => {
    const prepared = new Float32Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const within = i % elements;
      const channel = Math.floor(within / inner) % channels;
      const value = rows[order === null ? i : i - within + (order[within] ?? 0)] ?? 0;
      prepared[i] = (value * scale - (mean[channel] ?? 0)) / (std[channel] ?? 1);
    }
    return prepared;
  };
}

function perChannel(values: readonly number[], channels: number, name: string): readonly number[] {
  if (values.length === channels) return values;
  const [only] = values;
  if (only !== undefined && values.length === 1) return new Array<number>(channels).fill(only);
  throw new UsageError(`${name}: ${values.length} numbers; the data has ${channels} channels`);
}

/** For each element of the turned sample, its index in the sample as the file has it. */
function sourceIndices(shape: readonly number[], permutation: readonly number[]): Uint32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const turned = permutation.map((axis) => ({
    size: shape[axis] ?? 1,
    stride: strides[axis] ?? 1,
  }));
  const count = shape.reduce((product, size) => product * size, 1);
  return Uint32Array.from({ length: count }, (_, index) => {
    let rest = index;
    let source = 0;
    for (const { size, stride } of turned.toReversed()) {
      source += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return source;
  });
}
