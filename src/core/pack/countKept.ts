import { markKept } from '../kernels/packKernels';
import type { Model, TensorEntry } from '../model/model';
import { streamInCOrder } from '../model/streamInCOrder';
import { type JobControl, throwIfCancelled } from '../progress';

/** Whether elements can be told apart: several in a byte are not, and texts have no length of their own. */
export function hasWholeElements({ storedElementBytes, dtypeLabel }: TensorEntry): boolean {
  const widths = [1, 2, 4, 8, 16];
  return dtypeLabel === undefined && widths.includes(storedElementBytes);
}

/** A piece of a tensor with the elements that are kept marked. Valid until the next one is asked for. */
export interface MarkedChunk {
  /** Flat index of the first element. */
  readonly firstElement: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One an element of the chunk: 1 where it is kept. */
  readonly flags: Uint8Array;
  readonly kept: number;
}

/**
 * A tensor in C order, its elements marked that are not all zero bits. Space: a chunk, or a box where the
 * axes are stored in another order.
 * @throws IoError, FormatError, CancelledError.
 */
export async function* markedChunks(
  model: Model,
  tensor: TensorEntry,
  { signal }: Pick<JobControl, 'signal'>,
): AsyncGenerator<MarkedChunk, void, undefined> {
  const elementBytes = tensor.storedElementBytes;
  let flags = new Uint8Array(0);
  let firstElement = 0;
  for await (const whole of streamInCOrder(model, tensor)) {
    throwIfCancelled(signal);
    const count = whole.length / elementBytes;
    if (flags.length < count) flags = new Uint8Array(count);
    const marked = flags.subarray(0, count);
    const kept = markKept(whole, elementBytes, marked);
    yield { firstElement, bytes: whole, flags: marked, kept };
    firstElement += count;
  }
}

/** How many elements of a tensor are kept. One pass. @throws IoError, FormatError, CancelledError. */
export async function countKept(
  model: Model,
  tensor: TensorEntry,
  control: Pick<JobControl, 'signal'>,
): Promise<number> {
  let kept = 0;
  for await (const chunk of markedChunks(model, tensor, control)) kept += chunk.kept;
  return kept;
}

/** A tensor as a matrix: the first axis, and all others together; a vector is one row. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

/** The matrix that a tensor of this shape is packed as; its flat order is the tensor's. */
export function matrixShape(shape: readonly number[]): MatrixShape {
  const [first = 1, ...rest] = shape.length < 2 ? [1, ...shape] : shape;
  return { rows: first, columns: rest.reduce((product, size) => product * size, 1) };
}
