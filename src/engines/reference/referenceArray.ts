import type { ElementType } from '../../core/graph/graph';

/** Numbers in C order in double precision; integers and bools (0 and 1) too. */
export interface ReferenceArray {
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly values: Float64Array;
}

/** An index along each axis. */
export type Place = readonly number[];

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** An array by what stands at each place; rounded towards zero for integers. */
export function build(
  shape: readonly number[],
  type: ElementType,
  valueOf: (place: Place) => number,
): ReferenceArray {
  const values = new Float64Array(elementCount(shape));
  let flat = 0;
  for (const place of placesOf(shape)) values[flat++] = held(valueOf(place), type);
  return { shape, type, values };
}

function held(value: number, type: ElementType): number {
  if (type === 'float32') return value;
  return type === 'bool' ? Number(value !== 0) : Math.trunc(value) | 0;
}

/** Every place of a shape, in C order. */
export function* placesOf(shape: readonly number[]): Generator<Place> {
  const count = elementCount(shape);
  for (let flat = 0; flat < count; flat++) {
    let rest = flat;
    const place = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1;
      place[axis] = rest % size;
      rest = Math.floor(rest / size);
    }
    yield place;
  }
}

/** The number at a place, which must be inside. */
export function at({ shape, values }: ReferenceArray, place: Place): number {
  let flat = 0;
  shape.forEach((size, axis) => {
    const index = place[axis] ?? 0;
    if (index < 0 || index >= size) throw new Error(`place ${place.join()} of ${shape.join()}`);
    flat = flat * size + index;
  });
  return values[flat] ?? 0;
}

/** The number at a place, or the other one where it is outside. */
export function atOr(array: ReferenceArray, place: Place, outside: number): number {
  const inside = array.shape.every((size, axis) => isWithin(place[axis] ?? 0, size));
  return inside ? at(array, place) : outside;
}

export function isWithin(index: number, size: number): boolean {
  return index >= 0 && index < size;
}

/** The number that broadcasting as in NumPy puts at a place of the larger shape. */
export function atBroadcast(array: ReferenceArray, place: Place): number {
  const skipped = place.length - array.shape.length;
  return at(
    array,
    array.shape.map((size, axis) => (size === 1 ? 0 : (place[axis + skipped] ?? 0))),
  );
}

/** The shape that values broadcast to as in NumPy. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - (rank - shape.length)] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

export function axisFrom(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Every whole number from 0 up to, not with, `count`. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** An input that must be there. */
export function required(
  inputs: readonly (ReferenceArray | null)[],
  index: number,
): ReferenceArray {
  const input = inputs[index];
  if (input === null || input === undefined) throw new Error(`there is no input ${index}`);
  return input;
}
