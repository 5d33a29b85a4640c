import * as tf from '@tensorflow/tfjs-core';
import type { ElementType } from '../../../core/graph/graph';

/*
 * Integers and bools are computed here instead of in the engine, which lacks most kernels for them and
 * goes through float32 in others. They have no gradients.
 */

/** A tensor of numbers computed here. */
export function fromHost(
  values: Float64Array | Int32Array,
  shape: readonly number[],
  type: ElementType,
): tf.Tensor {
  const typed =
    type === 'int32'
      ? Int32Array.from(values)
      : type === 'bool'
        ? Uint8Array.from(values, (value) => (value === 0 ? 0 : 1))
        : Float32Array.from(values);
  return tf.tensor(typed, [...shape], type);
}

/** The numbers of a tensor in C order. */
export function toHost(x: tf.Tensor): ArrayLike<number> {
  return x.dataSync();
}

/** An axis between those before it and those after it, multiplied up. */
export interface Lanes {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

export function lanesOf(shape: readonly number[], axis: number): Lanes {
  const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
  return {
    outer: product(shape.slice(0, axis)),
    size: shape[axis] ?? 1,
    inner: product(shape.slice(axis + 1)),
  };
}

/**
 * For each lane along an axis the flat index of its first element; the next one is `inner` further.
 * In C order of the other axes.
 */
export function forEachLane(
  { outer, size, inner }: Lanes,
  visit: (start: number, lane: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) visit(o * size * inner + i, o * inner + i);
  }
}

/**
 * For each element of a shape in C order, where it lies in arrays of other shapes that are broadcast to it.
 * @param shapes of the same rank as `shape`; axes of length 1 are repeated
 * @param visit gets the same array of offsets each time
 */
export function forEachBroadcast(
  shape: readonly number[],
  shapes: readonly (readonly number[])[],
  visit: (flat: number, offsets: readonly number[]) => void,
): void {
  const strides = shapes.map(broadcastStrides);
  const place = shape.map(() => 0);
  const offsets = shapes.map(() => 0);
  const count = shape.reduce((a, b) => a * b, 1);
  for (let flat = 0; flat < count; flat++) {
    visit(flat, offsets);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (place[axis] ?? 0) + 1;
      const wraps = next === shape[axis];
      place[axis] = wraps ? 0 : next;
      strides.forEach((stride, k) => {
        const step = stride[axis] ?? 0;
        offsets[k] = (offsets[k] ?? 0) + (wraps ? -step * (next - 1) : step);
      });
      if (!wraps) break;
    }
  }
}

/** 0 along axes of length 1. */
function broadcastStrides(shape: readonly number[]): readonly number[] {
  const strides = shape.map(() => 0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    strides[axis] = size === 1 ? 0 : stride;
    stride *= size;
  }
  return strides;
}

/** Element by element over inputs broadcast as in NumPy. */
export function mapHost(
  inputs: readonly tf.Tensor[],
  type: ElementType,
  f: (...values: readonly number[]) => number,
): tf.Tensor {
  const shape = inputs
    .map((input) => input.shape)
    .reduce((a, b) => tf.broadcast_util.assertAndGetBroadcastShape(a, b));
  const arrays = inputs.map(toHost);
  const shapes = inputs.map((input) => [
    ...new Array<number>(shape.length - input.rank).fill(1),
    ...input.shape,
  ]);
  const made = new Float64Array(shape.reduce((a, b) => a * b, 1));
  forEachBroadcast(shape, shapes, (flat, offsets) => {
    made[flat] = f(...arrays.map((array, k) => array[offsets[k] ?? 0] ?? 0));
  });
  return fromHost(made, shape, type);
}
