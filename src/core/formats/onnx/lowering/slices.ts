import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { PadOperator } from '../../../graph/operators/shape';
import type { Sides } from '../../../graph/operators/linear';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

/** Ends at or beyond this mean the end of the axis, however long it is. */
const FAR = 2 ** 31 - 1;

interface AxisSlice {
  readonly axis: number;
  readonly start: number;
  /** -1: to the end. */
  readonly size: number;
  readonly step: number;
}

/** Starts, ends and axes are attributes up to opset 9, inputs with steps since. */
const slice: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const given = (name: string, index: number): readonly number[] | null =>
    node.opset < 10 ? node.ints(name) : node.numbers(index);
  const [starts, ends] = [given('starts', 1) ?? [], given('ends', 2) ?? []];
  const axes = given('axes', 3) ?? starts.map((_, i) => i);
  const steps = node.opset < 10 ? null : node.numbers(4);
  const parts = axes.map((axis, i): AxisSlice => {
    const at = node.axis(axis, shape.length);
    const bounds = { start: starts[i] ?? 0, end: ends[i] ?? FAR, step: steps?.[i] ?? 1 };
    return { axis: at, ...sliceAxis(node, shape[at] ?? -1, bounds) };
  });
  return emitSlice(node, x, parts);
};

export function emitSlice(
  node: NodeContext,
  x: LoweredValue,
  parts: readonly AxisSlice[],
): LoweredValue {
  return node.emit(
    {
      kind: 'slice',
      axes: parts.map(({ axis }) => axis),
      starts: parts.map(({ start }) => start),
      sizes: parts.map(({ size }) => size),
      steps: parts.map(({ step }) => step),
    },
    x,
  );
}

/** Source: ONNX Slice: negative positions count from the end, and all are clamped to the axis. */
function sliceAxis(
  node: NodeContext,
  length: number,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): Omit<AxisSlice, 'axis'> {
  if (step === 0) throw node.unsupported('a step of 0', 'another step');
  if (length < 0) {
    const isRest = start >= 0 && step === 1 && end >= FAR;
    if (isRest) return { start, size: -1, step };
    throw node.unsupported('a part of an axis of open size', 'sizes that are given');
  }
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (position: number, least: number): number =>
    Math.min(Math.max(position < 0 ? position + length : position, least), high);
  const from = place(start, 0);
  const to = place(end, low);
  return { start: Math.max(0, from), size: Math.max(0, Math.ceil((to - from) / step)), step };
}

/** Sizes are an attribute up to opset 12, an input since, or follow from the number of parts. */
const split: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const given = node.opset < 13 ? node.ints('split') : node.numbers(1);
  const sizes = given ?? equalParts(node, shape[axis] ?? -1);
  if (sizes.some((size) => size < 0)) {
    throw node.unsupported(`parts of [${sizes.join(', ')}]`, 'sizes that are not negative');
  }
  return node.emitAll({ kind: 'split', axis, sizes }, [x]);
};

/** The last part is smaller where the parts do not divide the axis. */
function equalParts(node: NodeContext, length: number): readonly number[] {
  if (length < 0) throw node.unsupported('parts of an axis of open size', 'given sizes');
  const count = node.int('num_outputs', node.outputCount);
  const size = Math.ceil(length / Math.max(1, count));
  return Array.from({ length: node.outputCount }, (_, i) =>
    Math.max(0, Math.min(size, length - i * size)),
  );
}

const PAD_MODES: Readonly<Record<string, PadOperator['mode']>> = {
  constant: 'constant',
  edge: 'edge',
  reflect: 'reflect',
  wrap: 'wrap',
};

/** Pads and value are attributes up to opset 10, inputs since. */
const pad: LowerNode = (node) => {
  const x = node.input(0);
  const rank = node.shape(x).length;
  const pads =
    node.opset < 11 ? (node.ints('pads') ?? node.ints('paddings') ?? []) : (node.numbers(1) ?? []);
  const axes = node.numbers(3)?.map((axis) => node.axis(axis, rank)) ?? [...range(rank)];
  if (pads.length !== 2 * axes.length) {
    throw node.unsupported(`${pads.length} pads for ${axes.length} axes`, 'two for each axis');
  }
  const sides = Array.from({ length: rank }, (_, axis): Sides => {
    const i = axes.indexOf(axis);
    return i < 0 ? [0, 0] : [pads[i] ?? 0, pads[i + axes.length] ?? 0];
  });
  const name = node.text('mode', 'constant');
  const mode = PAD_MODES[name];
  if (mode === undefined) throw node.unsupported(`mode ${name}`, Object.keys(PAD_MODES).join(', '));
  const value = node.opset < 11 ? node.float('value', 0) : (node.number(2) ?? 0);
  return node.emit({ kind: 'pad', mode, sides, value }, x);
};

function range(count: number): Iterable<number> {
  return new Array<number>(count).keys();
}

const concat: LowerNode = (node) => {
  const inputs = node.inputs();
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) return node.emit({ kind: 'identity' }, only);
  return node.emit({ kind: 'concatenate', axis: node.int('axis', 1) }, ...inputs);
};

const tile: LowerNode = (node) => {
  const repeats = node.numbers(1) ?? [];
  if (repeats.every((count) => count >= 0))
    return node.emit({ kind: 'tile', repeats }, node.input(0));
  throw node.unsupported(`repeats [${repeats.join(', ')}]`, 'numbers that are not negative');
};

/** Source: Operators.md of ONNX 1.23. */
export const SLICES: LoweringTable = {
  Slice: slice,
  Split: split,
  Pad: pad,
  Concat: concat,
  Tile: tile,
};
