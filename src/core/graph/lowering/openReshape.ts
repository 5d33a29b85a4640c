import type { HostElement } from './hostValue';

/**
 * The shape of a reshape operator where some sizes are not known: a single open size is what is left
 * (-1); of several, one at the place of an open axis of the input is that axis (0 in the operator).
 * @param target with at most one -1
 * @param keepsZeros whether 0 in `target` means the input's size, as in ONNX, and not an empty axis
 * @returns null where it cannot be said: too much is open, or an axis becomes empty
 */
export function openReshape(
  target: readonly HostElement[],
  input: readonly number[],
  keepsZeros: boolean,
): readonly number[] | null {
  // In the operator 0 keeps an axis, so an empty one can be asked for only where there is one.
  const isEmptied = target.some((size, axis) => size === 0 && !keepsZeros && input[axis] !== 0);
  if (isEmptied) return null;
  const open = target.filter((size) => size === null).length;
  if (open === 1 && !target.includes(-1)) return target.map((size) => size ?? -1);
  let rest = target.includes(-1) ? 0 : 1;
  const shape = target.map((size, axis) => {
    if (size !== null) return size;
    if ((input[axis] ?? 0) < 0) return 0;
    rest--;
    return -1;
  });
  return rest < 0 ? null : shape;
}
