import type { Model, TensorEntry } from '../model/model';
import { streamInCOrder } from '../model/streamInCOrder';
import { type JobControl, throwIfCancelled } from '../progress';

/**
 * Whether two models hold the same tensors bit by bit, whatever the order in which their files keep them.
 * Streams both side by side.
 * @returns the name of a tensor that is missing or differs; null where all are the same
 * @throws IoError, FormatError, CancelledError.
 */
export async function differingTensor(
  expected: Model,
  found: Model,
  control: JobControl,
): Promise<string | null> {
  const byName = new Map(found.tensors.map((tensor) => [tensor.name, tensor]));
  const total = expected.tensors.length;
  for (const [done, tensor] of expected.tensors.entries()) {
    const other = byName.get(tensor.name);
    if (other === undefined) return tensor.name;
    const sides = { expected, found, tensor, other };
    if (!(await areSame(sides, control))) return tensor.name;
    control.report({ phase: 'verify', done: done + 1, total, item: tensor.name });
  }
  return found.tensors.length === total ? null : 'one that was not there before';
}

interface Sides {
  readonly expected: Model;
  readonly found: Model;
  readonly tensor: TensorEntry;
  readonly other: TensorEntry;
}

async function areSame(
  { expected, found, tensor, other }: Sides,
  { signal }: JobControl,
): Promise<boolean> {
  if (tensor.dtype !== other.dtype || tensor.shape.join() !== other.shape.join()) return false;
  const theirs = streamInCOrder(found, other)[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  for await (const own of streamInCOrder(expected, tensor)) {
    throwIfCancelled(signal);
    for (let at = 0; at < own.length;) {
      if (rest.length === 0) {
        const next = await theirs.next();
        if (next.done === true) return false;
        rest = next.value;
      }
      const count = Math.min(rest.length, own.length - at);
      if (!sameBytes(own.subarray(at, at + count), rest)) return false;
      rest = rest.subarray(count);
      at += count;
    }
  }
  return rest.length === 0 && (await theirs.next()).done === true;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
