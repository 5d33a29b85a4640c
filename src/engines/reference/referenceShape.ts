import type {
  ConcatenateOperator,
  ExpandOperator,
  FlattenOperator,
  GatherElementsOperator,
  GatherOperator,
  OneHotOperator,
  PadOperator,
  ReshapeOperator,
  SliceOperator,
  SplitOperator,
  TileOperator,
  TransposeOperator,
} from '../../core/graph/operators/shape';
import {
  at,
  atBroadcast,
  axisFrom,
  broadcastShape,
  build,
  elementCount,
  type ReferenceArray,
  required,
  sum,
} from './referenceArray';

type Inputs = readonly (ReferenceArray | null)[];

/** Source: Keras Flatten. */
export function referenceFlatten(
  { dataFormat }: FlattenOperator,
  x: ReferenceArray,
): ReferenceArray {
  const [batch = 1, channels = 1, ...spatial] = x.shape;
  const count = elementCount(x.shape.slice(1));
  if (dataFormat === 'channelsLast' || x.shape.length < 3) return { ...x, shape: [batch, count] };
  const moved = build([batch, ...spatial, channels], x.type, ([sample = 0, ...place]) =>
    at(x, [sample, place.at(-1) ?? 0, ...place.slice(0, -1)]),
  );
  return { ...moved, shape: [batch, count] };
}

/** Source: ONNX Reshape. */
export function referenceReshape({ shape }: ReshapeOperator, x: ReferenceArray): ReferenceArray {
  const kept = shape.map((size, axis) => (size === 0 ? (x.shape[axis] ?? 1) : size));
  const known = elementCount(kept.filter((size) => size !== -1));
  return { ...x, shape: kept.map((size) => (size === -1 ? x.values.length / known : size)) };
}

/** Source: NumPy transpose. */
export function referenceTranspose(
  { permutation }: TransposeOperator,
  x: ReferenceArray,
): ReferenceArray {
  const shape = permutation.map((axis) => x.shape[axis] ?? 1);
  return build(shape, x.type, (place) =>
    at(
      x,
      x.shape.map((_, axis) => place[permutation.indexOf(axis)] ?? 0),
    ),
  );
}

export function referenceConcatenate(
  operator: ConcatenateOperator,
  inputs: Inputs,
): ReferenceArray {
  const given = inputs.filter((input) => input !== null);
  const first = required(given, 0);
  const axis = axisFrom(operator.axis, first.shape.length);
  const total = sum(given.map(({ shape }) => shape[axis] ?? 0));
  return build(first.shape.with(axis, total), first.type, (place) => {
    let index = place[axis] ?? 0;
    for (const input of given) {
      const size = input.shape[axis] ?? 0;
      if (index < size) return at(input, place.with(axis, index));
      index -= size;
    }
    throw new Error('the inputs are shorter than their sum');
  });
}

export function referenceSplit(
  operator: SplitOperator,
  x: ReferenceArray,
): readonly ReferenceArray[] {
  const axis = axisFrom(operator.axis, x.shape.length);
  return operator.sizes.map((size, part) => {
    const start = sum(operator.sizes.slice(0, part));
    return build(x.shape.with(axis, size), x.type, (place) =>
      at(x, place.with(axis, start + (place[axis] ?? 0))),
    );
  });
}

export function referenceSlice(operator: SliceOperator, x: ReferenceArray): ReferenceArray {
  const rule = x.shape.map((size, axis) => {
    const i = operator.axes.indexOf(axis);
    const start = operator.starts[i] ?? 0;
    const wanted = operator.sizes[i] ?? -1;
    return { start, step: operator.steps[i] ?? 1, size: wanted < 0 ? size - start : wanted };
  });
  return build(
    rule.map(({ size }) => size),
    x.type,
    (place) =>
      at(
        x,
        rule.map(({ start, step }, axis) => start + (place[axis] ?? 0) * step),
      ),
  );
}

/** Source: ONNX Gather. */
export function referenceGather(operator: GatherOperator, inputs: Inputs): ReferenceArray {
  const [x, indices] = [required(inputs, 0), required(inputs, 1)];
  const axis = axisFrom(operator.axis, x.shape.length);
  const rank = indices.shape.length;
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return build(shape, x.type, (place) => {
    const index = at(indices, place.slice(axis, axis + rank));
    const from = axisFrom(index, x.shape[axis] ?? 0);
    return at(x, [...place.slice(0, axis), from, ...place.slice(axis + rank)]);
  });
}

/** Source: ONNX GatherElements. */
export function referenceGatherElements(
  operator: GatherElementsOperator,
  inputs: Inputs,
): ReferenceArray {
  const [x, indices] = [required(inputs, 0), required(inputs, 1)];
  const axis = axisFrom(operator.axis, x.shape.length);
  return build(indices.shape, x.type, (place) =>
    at(x, place.with(axis, axisFrom(at(indices, place), x.shape[axis] ?? 0))),
  );
}

export function referenceOneHot(operator: OneHotOperator, indices: ReferenceArray): ReferenceArray {
  const axis = axisFrom(operator.axis, indices.shape.length + 1);
  return build(indices.shape.toSpliced(axis, 0, operator.depth), 'float32', (place) =>
    at(indices, place.toSpliced(axis, 1)) === place[axis] ? operator.on : operator.off,
  );
}

/** Source: ONNX Expand. */
export function referenceExpand({ shape }: ExpandOperator, x: ReferenceArray): ReferenceArray {
  const wanted = shape.map((size) => (size === -1 ? 1 : size));
  return build(broadcastShape(x.shape, wanted), x.type, (place) => atBroadcast(x, place));
}

/** Source: NumPy tile. */
export function referenceTile({ repeats }: TileOperator, x: ReferenceArray): ReferenceArray {
  const shape = x.shape.map((size, axis) => size * (repeats[axis] ?? 1));
  return build(shape, x.type, (place) =>
    at(
      x,
      x.shape.map((size, axis) => (place[axis] ?? 0) % size),
    ),
  );
}

/** Source: NumPy pad. Negative sides crop first. */
export function referencePad(
  { mode, sides, value }: PadOperator,
  x: ReferenceArray,
): ReferenceArray {
  const axes = x.shape.map((length, axis) => {
    const [before, after] = sides[axis] ?? [0, 0];
    const first = Math.max(-before, 0);
    return { length, before, first, last: length - 1 - Math.max(-after, 0), after };
  });
  const shape = axes.map(({ length, before, after }) => length + before + after);
  return build(shape, x.type, (place) => {
    const from: number[] = [];
    for (const [axis, { before, first, last }] of axes.entries()) {
      const index = (place[axis] ?? 0) - before;
      if (mode === 'constant' && (index < first || index > last)) return value;
      from.push(paddedIndex(mode, index, first, last));
    }
    return at(x, from);
  });
}

/** Walks from the place back into the array as the mode says. */
function paddedIndex(
  mode: PadOperator['mode'],
  index: number,
  first: number,
  last: number,
): number {
  const size = last - first + 1;
  let place = index;
  while (place < first || place > last) {
    if (mode === 'wrap') place += place < first ? size : -size;
    else if (mode === 'edge' || size === 1) place = place < first ? first : last;
    else place = place < first ? 2 * first - place : 2 * last - place;
  }
  return place;
}
