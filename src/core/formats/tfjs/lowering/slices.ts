import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode, NodeContext } from './nodeContext';

interface Cut {
  readonly axis: number;
  readonly start: number;
  /** -1: to the end. */
  readonly size: number;
  readonly step: number;
}

/** Begin and size for each axis; a size of -1 is what is left. */
const slice: LowerNode = (node) => {
  const x = node.input(0);
  const starts = node.numbers(1);
  const sizes = node.host(2).elements;
  const cuts = node.shape(x).flatMap((length, axis): readonly Cut[] => {
    const start = starts[axis] ?? 0;
    const size = sizes[axis] ?? null;
    const isWhole =
      start === 0 && (size === -1 || size === length || (size === null && length < 0));
    if (isWhole) return [];
    if (size === null) throw node.unsupported('a part of open size', 'sizes that are given');
    const rest = length < 0 ? -1 : length - start;
    return [{ axis, start, size: size === -1 ? rest : size, step: 1 }];
  });
  return emitCuts(node, x, cuts);
};

function emitCuts(node: NodeContext, x: LoweredValue, cuts: readonly Cut[]): LoweredValue {
  if (cuts.length === 0) return x;
  const operator = {
    kind: 'slice',
    axes: cuts.map(({ axis }) => axis),
    starts: cuts.map(({ start }) => start),
    sizes: cuts.map(({ size }) => size),
    steps: cuts.map(({ step }) => step),
  } as const;
  return node.emit(operator, x);
}

/** What each entry of a strided slice does. */
type Entry =
  | { readonly kind: 'newAxis' }
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'index'; readonly index: number }
  | {
      readonly kind: 'slice';
      readonly begin: number | null;
      readonly end: number | null;
      readonly step: number;
    };

/** Source: StridedSlice of TensorFlow 2, with its five masks. */
const stridedSlice: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const entries = withoutEllipsis(node, readEntries(node), shape.length);
  const taken = entries.filter(({ kind }) => kind !== 'newAxis');
  const cuts = taken.flatMap((entry, axis) => cutOf(node, entry, axis, shape[axis] ?? -1));
  const sliced = emitCuts(node, x, cuts);
  if (entries.every(({ kind }) => kind === 'slice')) return sliced;
  const sizes = node.shape(sliced).values();
  const target = entries.flatMap(({ kind }) => {
    if (kind === 'newAxis') return [1];
    const size = sizes.next().value ?? -1;
    return kind === 'index' ? [] : [size];
  });
  return node.withSizes(sliced, target);
};

function readEntries(node: NodeContext): readonly Entry[] {
  const [begins, ends, steps] = [node.host(1), node.host(2), node.numbers(3)];
  const mask = (name: string): number => node.attributes.int(name, 0);
  const masks = {
    begin: mask('begin_mask'),
    end: mask('end_mask'),
    ellipsis: mask('ellipsis_mask'),
    newAxis: mask('new_axis_mask'),
    shrink: mask('shrink_axis_mask'),
  };
  return steps.map((step, i): Entry => {
    const isSet = (bits: number): boolean => ((bits >> i) & 1) === 1;
    if (isSet(masks.ellipsis)) return { kind: 'ellipsis' };
    if (isSet(masks.newAxis)) return { kind: 'newAxis' };
    const begin = isSet(masks.begin) ? null : known(node, begins.elements[i]);
    if (isSet(masks.shrink)) return { kind: 'index', index: begin ?? 0 };
    const end = isSet(masks.end) ? null : known(node, ends.elements[i]);
    return { kind: 'slice', begin, end, step };
  });
}

function known(node: NodeContext, element: number | null | undefined): number {
  if (element !== null && element !== undefined) return element;
  throw node.unsupported('bounds that depend on open sizes', 'sizes that are given');
}

/** An entry for every axis. */
function withoutEllipsis(
  node: NodeContext,
  entries: readonly Entry[],
  rank: number,
): readonly Entry[] {
  const named = entries.filter(({ kind }) => kind === 'slice' || kind === 'index').length;
  if (named > rank) throw node.unsupported(`${named} slices of ${rank} axes`, 'one for each axis');
  const whole: Entry = { kind: 'slice', begin: null, end: null, step: 1 };
  const rest = new Array<Entry>(rank - named).fill(whole);
  const at = entries.findIndex(({ kind }) => kind === 'ellipsis');
  if (at < 0) return [...entries, ...rest];
  return [...entries.slice(0, at), ...rest, ...entries.slice(at + 1)];
}

function cutOf(node: NodeContext, entry: Entry, axis: number, length: number): readonly Cut[] {
  if (entry.kind === 'index') {
    if (length < 0 && entry.index < 0) throw openAxis(node);
    const start = entry.index < 0 ? entry.index + length : entry.index;
    return [{ axis, start, size: 1, step: 1 }];
  }
  if (entry.kind !== 'slice') return [];
  const { begin, end, step } = entry;
  if (step === 0) throw node.unsupported('a step of 0', 'another step');
  if ((begin === null || begin === 0) && end === null && step === 1) return [];
  if (length < 0) return [openCut(node, entry, axis)];
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (bound: number): number =>
    Math.min(high, Math.max(low, bound < 0 ? bound + length : bound));
  const from = begin === null ? (step > 0 ? low : high) : place(begin);
  const to = end === null ? (step > 0 ? high : low) : place(end);
  const size = Math.max(0, Math.ceil((to - from) / step));
  return [{ axis, start: Math.max(0, from), size, step }];
}

/** Of an axis whose size is open: from a place on to the end. */
function openCut(
  node: NodeContext,
  { begin, end, step }: Extract<Entry, { readonly kind: 'slice' }>,
  axis: number,
): Cut {
  if (begin === null || begin < 0 || end !== null || step !== 1) throw openAxis(node);
  return { axis, start: begin, size: -1, step };
}

function openAxis(node: NodeContext): Error {
  return node.unsupported('a part of an axis of open size', 'sizes that are given');
}

/** Source: slice_join.json of tfjs-converter 4.22. */
export const SLICES: LoweringTable = { Slice: slice, StridedSlice: stridedSlice };
