import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import { openReshape } from '../../../graph/lowering/openReshape';
import type { NodeContext } from './nodeContext';

/** A value with all axes from one on made one, and the way back. */
export interface AxisFlattened {
  readonly flat: LoweredValue;
  readonly axis: number;
  readonly restore: (flat: LoweredValue) => LoweredValue;
}

/**
 * Makes one axis of all from `axis` on, as softmax and its like did before opset 13.
 * @throws UnsupportedError where too many of them are open for the way back.
 */
export function axisFlattened(node: NodeContext, x: LoweredValue, axis: number): AxisFlattened {
  const shape = node.shape(x);
  const at = axis === shape.length ? axis : node.axis(axis, shape.length);
  if (at === shape.length - 1) return { flat: x, axis: at, restore: (flat) => flat };
  const before = shape.slice(0, at).map(() => 0);
  const flat = node.reshape(x, [...before, -1]);
  const restore = (value: LoweredValue): LoweredValue => {
    const wanted = shape.map((size, i) => (i < at ? 0 : size < 0 ? null : size));
    const target = openReshape(wanted, [...shape.slice(0, at), -1], true);
    if (target !== null) return node.reshape(value, target);
    throw node.unsupported('several open sizes behind the axis', 'sizes that are given');
  };
  return { flat, axis: at, restore };
}
