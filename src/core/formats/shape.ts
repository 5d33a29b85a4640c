import { FormatError, type Place } from '../errors';
import { MAX_RANK, MAX_SAFE_BYTES } from '../limits';
import { describeJson } from './parseJson';

/**
 * Checks a shape taken from a file.
 * @throws FormatError when it is not a list of at most MAX_RANK non-negative whole numbers.
 */
export function assertShape(value: unknown, where: Place): readonly number[] {
  if (!Array.isArray(value) || value.length > MAX_RANK || !value.every(isDimension)) {
    throw new FormatError({
      ...where,
      found: `shape ${describeJson(value)}`,
      allowed: `a list of at most ${MAX_RANK} whole numbers from 0`,
    });
  }
  return value as readonly number[];
}

function isDimension(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Elements of a shape, and that their bytes can be counted exactly.
 * @throws FormatError when elementCount * elementBytes exceeds 2^53 - 1.
 */
export function countElements(
  shape: readonly number[],
  elementBytes: number,
  where: Place,
): number {
  // A zero anywhere makes the array empty, but the other dimensions must still not overflow before it.
  let count = 1;
  for (const dimension of shape) {
    if (dimension !== 0) count *= dimension;
    if (count * Math.max(1, elementBytes) > MAX_SAFE_BYTES) {
      throw new FormatError({
        ...where,
        found: `shape ${describeJson(shape)} of ${elementBytes} byte elements`,
        allowed: 'at most 2^53 - 1 bytes',
      });
    }
  }
  return shape.includes(0) ? 0 : count;
}
