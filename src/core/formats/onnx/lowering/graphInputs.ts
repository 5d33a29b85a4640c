import { FormatError, UnsupportedError } from '../../../errors';
import type { GraphInput } from '../../../graph/graph';
import type { OnnxValue } from '../messages';
import { valueTypeOf } from './valueTypes';

/** How the executor holds an input's elements; float32 where the file does not say. */
export function inputType({ dataType }: OnnxValue): GraphInput['type'] {
  if (dataType === null) return 'float32';
  try {
    return valueTypeOf(dataType);
  } catch (error) {
    // Nothing of the set reads text: what does is opaque.
    if (!(error instanceof UnsupportedError)) throw error;
    return 'float32';
  }
}

/**
 * The shape of an input, with -1 for what is open.
 * @param given what it is known to be; null: as the file declares it
 * @throws FormatError where that does not fit what the file declares.
 */
export function inputShape(
  { name, shape, hasShape }: OnnxValue,
  given: readonly number[] | null,
): readonly number[] {
  // Some exporters write 0 for a size that is open.
  const declared = shape.map((size) => (typeof size === 'number' && size > 0 ? size : -1));
  if (given === null) return declared;
  const fits =
    !hasShape ||
    (given.length === declared.length &&
      declared.every((size, axis) => size < 0 || size === given[axis]));
  if (fits) return given;
  const allowed = `[${declared.map((size) => (size < 0 ? 'any' : size)).join(', ')}]`;
  throw lowerMisfit(`input ${name}`, `shape [${given.join(', ')}]`, allowed);
}

/** An error about a place of the graph. */
export function lowerMisfit(place: string, found: string, allowed: string): FormatError {
  return new FormatError({ format: 'onnx', place, found, allowed });
}
