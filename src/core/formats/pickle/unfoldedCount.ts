import { MAX_PICKLE_DEPTH } from '../../limits';
import { childrenOf } from './pickleChildren';
import type { PickleValue } from './pickleValue';

interface Frame {
  readonly node: object;
  readonly children: Iterator<readonly [string | null, PickleValue]>;
  count: number;
}

/**
 * How many values a program meets that walks through a pickle's value, counting shared ones each time: a
 * few hundred bytes can make 10^12. What holds itself is not walked again, nor what lies deeper than any
 * checkpoint. Linear in the value's size.
 */
export function unfoldedCount(root: PickleValue): number {
  const counts = new Map<object, number>();
  const stack: Frame[] = [];
  const open = (value: PickleValue): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = counts.get(value);
    if (known !== undefined) return known;
    if (stack.length >= MAX_PICKLE_DEPTH) return 1;
    // Until it is known: a value within itself counts once.
    counts.set(value, 1);
    stack.push({ node: value, children: childrenOf(value), count: 1 });
    return 0;
  };
  let total = open(root);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const next = frame.children.next();
    if (next.done !== true) {
      frame.count += open(next.value[1]);
      continue;
    }
    stack.pop();
    counts.set(frame.node, frame.count);
    const parent = stack.at(-1);
    if (parent === undefined) total = frame.count;
    else parent.count += frame.count;
  }
  return total;
}
