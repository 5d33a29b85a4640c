import * as tf from '@tensorflow/tfjs-core';
import { FormatError } from '../../../core/errors';
import type {
  GatherElementsOperator,
  GatherOperator,
  OneHotOperator,
} from '../../../core/graph/operators/shape';
import { type NodeInputs, requiredInput } from '../nodeInputs';
import { axisOf } from './axes';
import { movingElements } from './elementTypes';
import { forEachLane, fromHost, lanesOf, toHost } from './hostArrays';

/** Slices of x along an axis by index. @throws FormatError for an index outside the axis. */
export function runGather({ kind, axis }: GatherOperator, inputs: NodeInputs): tf.Tensor {
  const x = requiredInput(inputs, 0, kind);
  const indices = requiredInput(inputs, 1, kind);
  const at = axisOf(x, axis);
  const places = placesOf(indices, x.shape[at] ?? 0, kind);
  const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
  if (places.length === 0) return tf.zeros(shape, x.dtype);
  return movingElements(x, (values) =>
    tf.reshape(tf.gather(values, tf.tensor1d(places, 'int32'), at), shape),
  );
}

/** One element of x for each index. @throws FormatError for an index outside the axis. */
export function runGatherElements(
  { kind, axis }: GatherElementsOperator,
  inputs: NodeInputs,
): tf.Tensor {
  const x = requiredInput(inputs, 0, kind);
  const indices = requiredInput(inputs, 1, kind);
  const at = axisOf(x, axis);
  const places = placesOf(indices, x.shape[at] ?? 0, kind);
  const others = indices.shape.map((size, i) => (i === at ? (x.shape[i] ?? 0) : size));
  const fitting = x.shape.some((size, i) => size !== others[i])
    ? movingElements(x, (values) =>
        tf.slice(
          values,
          x.shape.map(() => 0),
          others,
        ),
      )
    : x;
  return pickAlong(fitting, at, places, indices.shape);
}

/** Elements of x by their places along an axis; x and the shape agree along all others. */
export function pickAlong(
  x: tf.Tensor,
  axis: number,
  places: Int32Array,
  shape: readonly number[],
): tf.Tensor {
  if (places.length === 0) return tf.zeros([...shape], x.dtype);
  const { inner, size } = lanesOf(x.shape, axis);
  const picked = lanesOf(shape, axis);
  const flat = new Int32Array(places.length);
  forEachLane(picked, (start) => {
    const outer = Math.floor(start / (picked.size * inner));
    const first = outer * size * inner + (start % inner);
    for (let i = 0; i < picked.size; i++) {
      const at = start + i * inner;
      flat[at] = first + (places[at] ?? 0) * inner;
    }
  });
  return movingElements(x, (values) =>
    tf.reshape(tf.gather(tf.reshape(values, [x.size]), tf.tensor1d(flat, 'int32')), [...shape]),
  );
}

/** Indices counted from the front. */
function placesOf(indices: tf.Tensor, size: number, operator: string): Int32Array {
  const places = Int32Array.from(toHost(indices));
  places.forEach((index, i) => {
    const place = index < 0 ? index + size : index;
    if (place < 0 || place >= size) throw outside(operator, index, size);
    places[i] = place;
  });
  return places;
}

function outside(operator: string, index: number, size: number): FormatError {
  return new FormatError({
    format: 'graph',
    place: `operator ${operator}`,
    found: `index ${index}`,
    allowed: `-${size} to ${size - 1}`,
  });
}

/** Indices outside the depth have no `on`. */
export function runOneHot(operator: OneHotOperator, indices: tf.Tensor): tf.Tensor {
  const { depth, on, off } = operator;
  const axis = operator.axis < 0 ? operator.axis + indices.rank + 1 : operator.axis;
  const shape = indices.shape.toSpliced(axis, 0, depth);
  const { inner } = lanesOf(shape, axis);
  const made = new Float64Array(indices.size * depth).fill(off);
  const values = toHost(indices);
  for (let i = 0; i < indices.size; i++) {
    const index = values[i] ?? -1;
    if (index < 0 || index >= depth) continue;
    made[(Math.floor(i / inner) * depth + Math.trunc(index)) * inner + (i % inner)] = on;
  }
  return fromHost(made, shape, 'float32');
}
