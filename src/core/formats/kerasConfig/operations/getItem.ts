import { isJsonObject } from '../../parseJson';
import type { LayerContext, LayerFunction } from '../layerContext';
import { keyOf } from './arrays';
import { operand } from './operands';

/** One entry of a key: a slice, a single place, a new axis, or all axes that are not named. */
type Entry =
  | { readonly kind: 'slice'; readonly start: number | null; stop: number | null; step: number }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'newAxis' }
  | { readonly kind: 'ellipsis' };

/** x[key] with slices and whole numbers. Source: basic indexing of NumPy; GetItem of Keras 3.15. */
export const getItem: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const key = keyOf(layer);
  const list: readonly unknown[] = Array.isArray(key) ? key : [key];
  const entries = withoutEllipsis(
    layer,
    list.map((entry) => readEntry(layer, entry)),
    layer.rank(x),
  );
  const sliced = emitSlices(layer, x, entries);
  return emitAxes(layer, sliced, entries);
};

function readEntry(layer: LayerContext, value: unknown): Entry {
  if (typeof value === 'number' && Number.isSafeInteger(value))
    return { kind: 'index', index: value };
  if (value === null) return { kind: 'newAxis' };
  if (isJsonObject(value)) {
    if (value['class_name'] === '__ellipsis__') return { kind: 'ellipsis' };
    const fields = isJsonObject(value['config']) ? value['config'] : value;
    const { start, stop, step } = fields;
    if (isBound(start) && isBound(stop) && isBound(step) && step !== 0) {
      return { kind: 'slice', start: start ?? null, stop: stop ?? null, step: step ?? 1 };
    }
  }
  throw layer.unsupported('a key that is computed', 'slices and whole numbers');
}

function isBound(value: unknown): value is number | null | undefined {
  return value === null || value === undefined || Number.isSafeInteger(value);
}

const WHOLE: Entry = { kind: 'slice', start: null, stop: null, step: 1 };

/** An entry for every axis. */
function withoutEllipsis(
  layer: LayerContext,
  entries: readonly Entry[],
  rank: number,
): readonly Entry[] {
  const named = entries.filter(({ kind }) => kind === 'slice' || kind === 'index').length;
  if (named > rank) throw layer.unsupported(`${named} slices of ${rank} axes`, 'one for each');
  const rest = new Array<Entry>(rank - named).fill(WHOLE);
  const at = entries.findIndex(({ kind }) => kind === 'ellipsis');
  if (at < 0) return [...entries, ...rest];
  return [...entries.slice(0, at), ...rest, ...entries.slice(at + 1)];
}

function emitSlices(layer: LayerContext, x: string, entries: readonly Entry[]): string {
  const shape = layer.shape(x);
  const taken = entries.filter(({ kind }) => kind !== 'newAxis');
  const cuts = taken.flatMap((entry, axis) => {
    const cut = cutOf(layer, entry, shape[axis] ?? -1);
    return cut === null ? [] : [{ axis, ...cut }];
  });
  if (cuts.length === 0) return x;
  return layer.emit(
    {
      kind: 'slice',
      axes: cuts.map(({ axis }) => axis),
      starts: cuts.map(({ start }) => start),
      sizes: cuts.map(({ size }) => size),
      steps: cuts.map(({ step }) => step),
    },
    [x],
  );
}

/** Where a slice begins and how much it takes; null where it takes everything. */
function cutOf(
  layer: LayerContext,
  entry: Entry,
  length: number,
): { readonly start: number; readonly size: number; readonly step: number } | null {
  if (entry.kind === 'index') {
    const start = entry.index < 0 ? entry.index + length : entry.index;
    if (length < 0 && entry.index < 0) throw openAxis(layer);
    return { start, size: 1, step: 1 };
  }
  if (entry.kind !== 'slice') return null;
  const { start, stop, step } = entry;
  if (start === null && stop === null && step === 1) return null;
  if (length < 0) {
    if (step !== 1 || stop !== null || start === null || start < 0) throw openAxis(layer);
    return { start, size: -1, step: 1 };
  }
  return boundedCut(start, stop, { step, length });
}

/** Source: slice.indices of Python. */
function boundedCut(
  start: number | null,
  stop: number | null,
  { step, length }: { readonly step: number; readonly length: number },
) {
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const within = (bound: number): number =>
    Math.min(most, Math.max(least, bound < 0 ? bound + length : bound));
  const from = start === null ? (step > 0 ? least : most) : within(start);
  const to = stop === null ? (step > 0 ? most : least) : within(stop);
  const size = Math.max(0, Math.ceil((to - from) / step));
  return { start: Math.max(0, from), size, step };
}

function openAxis(layer: LayerContext): Error {
  return layer.unsupported('a slice counted from the end of an open axis', 'an axis of known size');
}

/** Takes the axes of single places away, and puts new ones in. */
function emitAxes(layer: LayerContext, value: string, entries: readonly Entry[]): string {
  if (entries.every(({ kind }) => kind === 'slice')) {
    return value === layer.inputs[0] ? layer.emit({ kind: 'identity' }, [value]) : value;
  }
  const sizes = layer.shape(value).values();
  const shape = entries.flatMap(({ kind }) => {
    if (kind === 'newAxis') return [1];
    const size = sizes.next().value ?? -1;
    return kind === 'index' ? [] : [size];
  });
  return layer.reshapeTo(value, shape);
}
