import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import { MAX_SCATTER_CELLS } from './limits';
import type { NodeContext } from './nodeContext';

/** What a scatter reads: data and updates of the same sizes but for the axis, and a place for each update. */
export interface Scattered {
  readonly data: LoweredValue;
  /** Of the shape of the updates; below 0 they count from the end. */
  readonly indices: LoweredValue;
  readonly updates: LoweredValue;
}

type Fold = 'add' | 'multiply' | 'maximum' | 'minimum';

const REDUCTIONS: Readonly<Record<string, readonly [Fold, 'sum' | 'prod' | 'max' | 'min']>> = {
  add: ['add', 'sum'],
  mul: ['multiply', 'prod'],
  max: ['maximum', 'max'],
  min: ['minimum', 'min'],
};

/**
 * Updates at places along an axis that are computed from data: every place looks at all updates. Work and
 * memory are the places times the updates, at most MAX_SCATTER_CELLS.
 * @throws UnsupportedError above that, and for open sizes.
 */
export function scatterAlong(node: NodeContext, given: Scattered, axis: number): LoweredValue {
  const { data, indices, updates } = widened(node, given, axis);
  const length = node.shape(data)[axis] ?? 1;
  const marks = { kind: 'oneHot', depth: length, axis, on: 1, off: 0 } as const;
  const isHere = node.emit(marks, indices);
  const reduction = node.text('reduction', 'none');
  if (reduction === 'none') return replaced(node, { data, isHere, updates }, axis);
  const fold = Object.hasOwn(REDUCTIONS, reduction) ? REDUCTIONS[reduction] : undefined;
  if (fold === undefined) {
    throw node.unsupported(`reduction ${reduction}`, `none, ${Object.keys(REDUCTIONS).join(', ')}`);
  }
  const [merge, reduce] = fold;
  const neutral = neutralOf(node, data, merge, axis);
  const each = withAxis(node, updates, axis);
  const picked = node.emit({ kind: 'select' }, above(node, isHere), each, neutral);
  return node.merge(merge, data, node.reduce(reduce, picked, [axis + 1], false));
}

/** The last update that goes to a place. */
function replaced(
  node: NodeContext,
  {
    data,
    isHere,
    updates,
  }: Pick<Scattered, 'data' | 'updates'> & { readonly isHere: LoweredValue },
  axis: number,
): LoweredValue {
  const last = { mode: 'max', axis: axis + 1, keepDims: false, last: true } as const;
  const which = node.emit({ kind: 'argReduce', ...last }, isHere);
  const values = node.emit({ kind: 'gatherElements', axis }, updates, which);
  const isAny = above(node, node.reduce('max', isHere, [axis + 1], false));
  return node.emit({ kind: 'select' }, isAny, values, data);
}

function above(node: NodeContext, marks: LoweredValue): LoweredValue {
  return node.emit({ kind: 'compare', mode: 'greater' }, marks, node.scalar(0.5));
}

/** What changes nothing: of maxima and minima the data itself. */
function neutralOf(node: NodeContext, data: LoweredValue, merge: Fold, axis: number): LoweredValue {
  if (merge === 'maximum' || merge === 'minimum') return withAxis(node, data, axis + 1);
  return node.scalar(merge === 'add' ? 0 : 1, node.facts(data).type);
}

function withAxis(node: NodeContext, x: LoweredValue, axis: number): LoweredValue {
  return node.reshape(x, node.shape(x).toSpliced(axis, 0, 1));
}

/** Indices from 0 on; those of fewer rows than the data get places that are none. */
function widened(node: NodeContext, given: Scattered, axis: number): Scattered {
  const shape = node.shape(given.data);
  const own = node.shape(given.indices);
  const length = shape[axis] ?? 1;
  const isOpen = [...shape, ...own].some((size) => size < 0);
  const cells = shape.reduce((all, size) => all * size, 1) * (own[axis] ?? 1);
  if (isOpen || own.length !== shape.length || cells > MAX_SCATTER_CELLS) {
    const found = isOpen ? 'open sizes' : `${cells} pairs of place and update`;
    throw node.unsupported(found, `given sizes, at most ${MAX_SCATTER_CELLS} pairs`);
  }
  const signed = node.cast(given.indices, 'int32');
  const zero = node.scalar(0, 'int32');
  const isNegative = node.emit({ kind: 'compare', mode: 'less' }, signed, zero);
  const raised = node.merge('add', signed, node.scalar(length, 'int32'));
  const indices = node.emit({ kind: 'select' }, isNegative, raised, signed);
  const missing = shape.map((size, i) => (i === axis ? 0 : size - (own[i] ?? size)));
  if (missing.every((size) => size === 0)) return { ...given, indices };
  const sides = missing.map((size): readonly [number, number] => [0, size]);
  const pad = { kind: 'pad', mode: 'constant', sides } as const;
  return {
    data: given.data,
    indices: node.emit({ ...pad, value: length }, indices),
    updates: node.emit({ ...pad, value: 0 }, given.updates),
  };
}
