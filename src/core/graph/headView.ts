import { productOf, type Shape } from './shapes/valueFacts';

/**
 * Which head each element of a value belongs to: floor(flat index / stride) modulo `heads`, in C order. So a
 * reshape changes nothing, whichever axes it parts or joins.
 */
export interface HeadView {
  readonly value: string;
  readonly stride: number;
  readonly heads: number;
}

/** The one axis along which the head changes: every `inner` indices. */
export interface HeadAxis {
  readonly axis: number;
  readonly inner: number;
}

/** Null where the head depends on several axes. */
export function headAxis({ stride, heads }: HeadView, shape: Shape): HeadAxis | null {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    const after = productOf(shape.slice(axis + 1));
    if (size === 1 || stride >= after * size) continue;
    const inner = stride / after;
    return Number.isInteger(inner) && size % (inner * heads) === 0 ? { axis, inner } : null;
  }
  return null;
}

/** The stride in C order of heads that change along an axis. */
export function headStride({ axis, inner }: HeadAxis, shape: Shape): number {
  return inner * productOf(shape.slice(axis + 1));
}
