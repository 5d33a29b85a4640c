import type { ElementType } from '../graph';
import type { Misfit } from '../shapes/valueFacts';
import { MAX_HOST_ELEMENTS, MAX_HOST_RANK } from './limits';

/** One element; null where it depends on a size that is open. */
export type HostElement = number | null;

/**
 * A small array that is known while a graph is lowered: sizes, axes, and what was computed from them.
 * Formats that compute with shapes (ONNX, TensorFlow graphs) get rid of those nodes by it.
 */
export interface HostValue {
  /** Always known, also where elements are not. */
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** In C order; bool as 0 and 1. */
  readonly elements: readonly HostElement[];
}

/** A host value of which every element is known. */
export interface KnownHostValue extends HostValue {
  readonly elements: readonly number[];
}

/** One axis. Integers unless said otherwise, as sizes are. */
export function hostVector(
  elements: readonly HostElement[],
  type: ElementType = 'int32',
): HostValue {
  return { shape: [elements.length], type, elements };
}

/** A value's shape as a host value: -1, which is open, becomes an element that is not known. */
export function hostShape(shape: readonly number[]): HostValue {
  return hostVector(shape.map((size) => (size < 0 ? null : size)));
}

export function isKnown(value: HostValue): value is KnownHostValue {
  return !value.elements.includes(null);
}

/**
 * How many elements an array of this shape has.
 * @throws what `misfit` makes beyond MAX_HOST_ELEMENTS or MAX_HOST_RANK.
 */
export function hostCount(shape: readonly number[], misfit: Misfit): number {
  if (shape.length > MAX_HOST_RANK) {
    throw misfit(`an array of ${shape.length} axes`, `at most ${MAX_HOST_RANK}`);
  }
  // Zero first, so that a huge axis beside an empty one is empty.
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  if (count >= 0 && count <= MAX_HOST_ELEMENTS) return count;
  throw misfit(`a computed array of ${count} elements`, `at most ${MAX_HOST_ELEMENTS}`);
}
