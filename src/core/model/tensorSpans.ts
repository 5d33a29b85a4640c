import type { Span, TensorEntry } from './model';

/** Where each span of a tensor begins within the tensor's stored bytes; made once a tensor. */
const starts = new WeakMap<TensorEntry, Float64Array>();

/** Where each span begins within the tensor's stored bytes. */
export function spanStarts(tensor: TensorEntry): Float64Array {
  const known = starts.get(tensor);
  if (known !== undefined) return known;
  const made = new Float64Array(tensor.spans.length);
  let at = 0;
  for (const [i, span] of tensor.spans.entries()) {
    made[i] = at;
    at += span.byteLength;
  }
  starts.set(tensor, made);
  return made;
}

/** The part of a span that holds some of a tensor's bytes. */
export interface SpanPart extends Span {
  /** Where the part begins within the tensor's stored bytes. */
  readonly tensorOffset: number;
}

/** The parts of the file that hold a tensor's stored bytes from `start` up to, not with, `end`. */
export function* spanParts(
  tensor: TensorEntry,
  start: number,
  end: number,
): Generator<SpanPart, void, undefined> {
  const begins = spanStarts(tensor);
  for (let i = lastAtMost(begins, start); i < tensor.spans.length; i++) {
    const span = tensor.spans[i];
    const spanStart = begins[i] ?? 0;
    if (span === undefined || spanStart >= end) return;
    const from = Math.max(start, spanStart);
    const to = Math.min(end, spanStart + span.byteLength);
    if (from >= to) continue;
    yield {
      fileIndex: span.fileIndex,
      byteOffset: span.byteOffset + from - spanStart,
      byteLength: to - from,
      tensorOffset: from,
    };
  }
}

/** The index of the last of the ascending numbers that is at most `value`; 0 where none is. */
export function lastAtMost(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
