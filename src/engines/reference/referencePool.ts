import type { GlobalPoolOperator, PoolOperator } from '../../core/graph/operators/pooling';
import { at, build, isWithin, placesOf, type ReferenceArray, sum } from './referenceArray';
import {
  type AxisAttributes,
  extentOf,
  imageParts,
  imagePlace,
  outputLength,
  sidesOf,
} from './referenceImage';

/** Sources: ONNX MaxPool and AveragePool. */
export function referencePool(operator: PoolOperator, x: ReferenceArray): ReferenceArray {
  const { dataFormat: format, mode, includePadding } = operator;
  const image = imageParts(format, x.shape);
  const axes = operator.size.map((size, axis) => ({
    size,
    stride: operator.strides[axis] ?? 1,
    dilation: operator.dilations[axis] ?? 1,
    padding: operator.padding,
    axis,
  }));
  const sides = axes.map((axis, i) => sidesOf(image.spatial[i] ?? 0, axis));
  const spatial = axes.map((axis, i) => poolLength(image.spatial[i] ?? 0, axis, operator.ceil));
  const shape = imagePlace(format, { ...image, spatial });
  return build(shape, x.type, (place) => {
    const made = imageParts(format, place);
    const found: number[] = [];
    for (const tap of placesOf(operator.size)) {
      const read = axes.map(
        (axis, i) =>
          (made.spatial[i] ?? 0) * axis.stride -
          (sides[i]?.[0] ?? 0) +
          (tap[i] ?? 0) * axis.dilation,
      );
      if (read.every((index, i) => isWithin(index, image.spatial[i] ?? 0))) {
        found.push(at(x, imagePlace(format, { ...made, spatial: read })));
      } else if (mode === 'average' && includePadding && isPadding(read, image.spatial, sides)) {
        found.push(0);
      }
    }
    if (mode === 'max') return Math.max(...found);
    return sum(found) / Math.max(found.length, 1);
  });
}

/** With `ceil` a last window that hangs over counts, if it begins before the padding behind the input. */
function poolLength(input: number, axis: AxisAttributes, ceil: boolean): number {
  if (!ceil || axis.padding === 'same' || axis.padding === 'sameLower') {
    return outputLength(input, axis);
  }
  const [before, after] = sidesOf(input, axis);
  const length = Math.ceil((input + before + after - extentOf(axis)) / axis.stride) + 1;
  return (length - 1) * axis.stride >= input + before ? length - 1 : length;
}

/** Whether a place lies in the padding that was given. */
function isPadding(
  read: readonly number[],
  input: readonly number[],
  sides: readonly (readonly [number, number])[],
): boolean {
  return read.every((index, i) => {
    const [before, after] = sides[i] ?? [0, 0];
    return index >= -before && index < (input[i] ?? 0) + after;
  });
}

export function referenceGlobalPool(
  { dataFormat: format, mode, keepDims }: GlobalPoolOperator,
  x: ReferenceArray,
): ReferenceArray {
  const { batch, channel, spatial } = imageParts(format, x.shape);
  const ones = spatial.map(() => 1);
  const shape = keepDims ? imagePlace(format, { batch, channel, spatial: ones }) : [batch, channel];
  return build(shape, x.type, (place) => {
    const made = keepDims
      ? imageParts(format, place)
      : { batch: place[0] ?? 0, channel: place[1] ?? 0 };
    const found = [...placesOf(spatial)].map((read) =>
      at(x, imagePlace(format, { batch: made.batch, channel: made.channel, spatial: read })),
    );
    return mode === 'max' ? Math.max(...found) : sum(found) / found.length;
  });
}
