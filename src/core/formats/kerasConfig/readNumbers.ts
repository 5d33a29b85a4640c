import { isJsonObject } from '../parseJson';
import { MAX_CONSTANT_ELEMENTS, MAX_RANK } from './limits';

/** An array that stands in the configuration, in C order. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** Whether all of it is written as true and false. */
  readonly isBool: boolean;
  /** The dtype that the file names; null where it names none. */
  readonly dtype: string | null;
}

/** How Keras writes arrays: NumPy's, its own tensors, and numbers of NumPy. Source: serialization_lib.py. */
const ARRAY_CLASSES: ReadonlySet<unknown> = new Set(['__numpy__', '__tensor__']);

/**
 * A number, a truth value, a nest of lists of them, or an array as Keras writes it.
 * @returns null for anything else, lists of several lengths, and more than MAX_CONSTANT_ELEMENTS
 */
export function readNumbers(value: unknown): NumberArray | null {
  if (isJsonObject(value)) {
    const { class_name: className, config } = value;
    if (!ARRAY_CLASSES.has(className) || !isJsonObject(config)) return null;
    const inner = readNumbers(config['value']);
    const dtype = typeof config['dtype'] === 'string' ? config['dtype'] : null;
    return inner === null ? null : { ...inner, dtype };
  }
  const shape = shapeOf(value);
  if (shape === null) return null;
  let flat: readonly unknown[] = [value];
  for (const size of shape) {
    if (flat.length * size > MAX_CONSTANT_ELEMENTS) return null;
    if (!flat.every((row) => Array.isArray(row) && row.length === size)) return null;
    flat = (flat as readonly (readonly unknown[])[]).flat();
  }
  const isBool = flat.length > 0 && flat.every((one) => typeof one === 'boolean');
  if (!isBool && !flat.every((one) => typeof one === 'number')) return null;
  return { shape, values: flat.map(Number), isBool, dtype: null };
}

/** Told by the first row of each axis; null where there are too many axes. */
function shapeOf(value: unknown): readonly number[] | null {
  const shape: number[] = [];
  for (let at = value; Array.isArray(at); at = (at as readonly unknown[])[0]) {
    if (shape.length === MAX_RANK) return null;
    shape.push(at.length);
  }
  return shape;
}
