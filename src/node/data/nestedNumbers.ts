import { FormatError } from '../../core/errors';
import { MAX_RANK } from '../../core/limits';

/** The shape of nested lists of numbers by their first elements; null where no number is inside. */
export function shapeOfNested(value: unknown): readonly number[] | null {
  const shape: number[] = [];
  let inner = value;
  while (isList(inner)) {
    if (shape.length === MAX_RANK || inner.length === 0) return null;
    shape.push(inner.length);
    inner = inner[0];
  }
  return isNumberLike(inner) ? shape : null;
}

/** Where nested numbers go and what they are. */
export interface NestedTarget {
  readonly values: Float64Array;
  readonly shape: readonly number[];
  /** The file, the field and the row, for messages. */
  readonly place: string;
}

/**
 * Writes nested lists of numbers flat into the target, from `start` on. Goes no deeper than the shape.
 * @throws FormatError naming the place within the row where length or value are others.
 */
export function fillNested(value: unknown, target: NestedTarget, start: number): void {
  fillAxis(value, target, { start, axis: 0, path: '' });
}

interface Cursor {
  readonly start: number;
  readonly axis: number;
  readonly path: string;
}

function fillAxis(value: unknown, target: NestedTarget, { start, axis, path }: Cursor): void {
  const size = target.shape[axis];
  if (size === undefined) {
    if (!isNumberLike(value)) throw wrong(target, path, describe(value), 'a number');
    target.values[start] = Number(value);
    return;
  }
  if (!isList(value) || value.length !== size) {
    const found = isList(value) ? `${value.length} elements` : describe(value);
    throw wrong(target, path, found, `a list of ${size}, as in the first row`);
  }
  const stride = target.shape.slice(axis + 1).reduce((product, count) => product * count, 1);
  for (let i = 0; i < size; i++) {
    fillAxis(value[i], target, {
      start: start + i * stride,
      axis: axis + 1,
      path: `${path}[${i}]`,
    });
  }
}

type List = readonly unknown[] | Float32Array | Float64Array | Int32Array | BigInt64Array;

/** Parquet's lists of numbers may come as typed arrays. */
function isList(value: unknown): value is List {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isNumberLike(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (isList(value)) return 'a list';
  return isNumberLike(value) ? String(value) : 'an object';
}

function wrong(target: NestedTarget, path: string, found: string, allowed: string): FormatError {
  return new FormatError({ format: 'data', place: `${target.place}${path}`, found, allowed });
}
