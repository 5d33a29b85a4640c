import { type Place, UnsupportedError } from '../../errors';
import { MAX_VIEW_SPANS } from '../../limits';
import type { Span } from '../../model/model';

/** A strided view over a run of bytes; offset and strides count elements. */
export interface StridedView {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly storageOffset: number;
  readonly elementBytes: number;
  /** Where the storage begins. */
  readonly storage: Pick<Span, 'fileIndex' | 'byteOffset'>;
}

/** Where a view's elements lie, in the order that {@link TensorLayout.storageOrder} says. */
export interface TensorLayout {
  readonly spans: readonly Span[];
  readonly storageOrder: readonly number[] | null;
}

interface Axis {
  readonly axis: number;
  readonly size: number;
  readonly stride: number;
}

/**
 * A dense view in any order of its axes is one span; every other view is one for each contiguous run,
 * in C order.
 * @param spanBudget how many spans the view may have
 * @throws UnsupportedError above it.
 */
export function layOutView(
  view: StridedView,
  where: Place,
  spanBudget: number = MAX_VIEW_SPANS,
): TensorLayout {
  const count = view.shape.reduce((product, size) => product * size, 1);
  if (count === 0) return { spans: [spanOf(view, 0, 0)], storageOrder: null };
  const axes = view.shape
    .map((size, axis) => ({ axis, size, stride: view.strides[axis] ?? 0 }))
    .filter(({ size }) => size > 1);
  const dense = denseOrder(axes);
  if (dense !== null) {
    return { spans: [spanOf(view, 0, count)], storageOrder: fullOrder(dense, view.shape) };
  }
  return { spans: runsOf(view, axes, { where, spanBudget }), storageOrder: null };
}

/** The axes from the slowest to the fastest, when they fill a run without holes; else null. */
function denseOrder(axes: readonly Axis[]): readonly Axis[] | null {
  const order = [...axes].sort((a, b) => b.stride - a.stride);
  let expected = 1;
  for (const { size, stride } of [...order].reverse()) {
    if (stride !== expected) return null;
    expected *= size;
  }
  return order;
}

/** With axes of one element where C order has them; null when that is C order. */
function fullOrder(order: readonly Axis[], shape: readonly number[]): readonly number[] | null {
  const inC = order.every(({ axis }, i) => i === 0 || axis > (order[i - 1]?.axis ?? 0));
  if (inC) return null;
  const single = shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  return [...single, ...order.map(({ axis }) => axis)];
}

function runsOf(
  view: StridedView,
  axes: readonly Axis[],
  { where, spanBudget }: { readonly where: Place; readonly spanBudget: number },
): readonly Span[] {
  const inner = contiguousTail(axes);
  const outer = axes.slice(0, axes.length - inner.axisCount);
  const runCount = outer.reduce((product, { size }) => product * size, 1);
  if (runCount > spanBudget) {
    throw new UnsupportedError({
      feature: `${where.format}: ${where.place}`,
      found: `a view of ${runCount} separate runs`,
      supported: `views of at most ${spanBudget} runs in all`,
    });
  }
  const spans: Span[] = [];
  const index = outer.map(() => 0);
  for (let run = 0; run < runCount; run++) {
    const start = outer.reduce((sum, { stride }, i) => sum + stride * (index[i] ?? 0), 0);
    spans.push(spanOf(view, start, inner.elementCount));
    advance(index, outer);
  }
  return spans;
}

/** How many of the last axes are one contiguous run. */
function contiguousTail(axes: readonly Axis[]): {
  readonly axisCount: number;
  readonly elementCount: number;
} {
  let elementCount = 1;
  let axisCount = 0;
  for (const { size, stride } of [...axes].reverse()) {
    if (stride !== elementCount) break;
    elementCount *= size;
    axisCount++;
  }
  return { axisCount, elementCount };
}

/** Counts up like an odometer, in place. */
function advance(index: number[], axes: readonly Axis[]): void {
  for (let i = index.length - 1; i >= 0; i--) {
    const next = (index[i] ?? 0) + 1;
    index[i] = next % (axes[i]?.size ?? 1);
    if (index[i] !== 0) return;
  }
}

function spanOf(view: StridedView, element: number, elementCount: number): Span {
  const { storage, storageOffset, elementBytes } = view;
  return {
    fileIndex: storage.fileIndex,
    byteOffset: storage.byteOffset + (storageOffset + element) * elementBytes,
    byteLength: elementCount * elementBytes,
  };
}
