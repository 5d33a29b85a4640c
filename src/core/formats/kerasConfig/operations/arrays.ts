import type { Sides } from '../../../graph/operators/linear';
import { describeJson } from '../../parseJson';
import type { LayerContext, LayerFunction } from '../layerContext';
import { MAX_CONSTANT_ELEMENTS, MAX_PARTS } from '../limits';
import {
  axesSetting,
  constantOf,
  integerSetting,
  listOperands,
  operand,
  setting,
} from './operands';

/** A shape that counts the batch; -1 or null is what is left. */
const reshape: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const value = setting(layer, 'newshape', 1) ?? setting(layer, 'shape');
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const shape: readonly unknown[] = list.map((size) => size ?? -1);
  if (!shape.every((size) => Number.isSafeInteger(size))) {
    throw layer.unsupported('a shape that is computed', 'whole numbers');
  }
  return layer.reshapeTo(x, shape as readonly number[]);
};

const transpose: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const rank = layer.rank(x);
  const axes = axesSetting(layer, 'axes', 1) ?? axesSetting(layer, 'perm');
  const permutation = axes ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  return layer.emit({ kind: 'transpose', permutation: permutation.map(counted(rank)) }, [x]);
};

/** A negative axis counts from the last one. */
function counted(rank: number): (axis: number) => number {
  return (axis) => (axis < 0 ? axis + rank : axis);
}

const swapAxes: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const at = counted(layer.rank(x));
  const a = at(integerSetting(layer, 'axis1', { position: 1 }));
  const b = at(integerSetting(layer, 'axis2', { position: 2 }));
  const permutation = layer.shape(x).map((_, axis) => (axis === a ? b : axis === b ? a : axis));
  return layer.emit({ kind: 'transpose', permutation }, [x]);
};

const moveAxis: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const at = counted(layer.rank(x));
  const from = (axesSetting(layer, 'source', 1) ?? []).map(at);
  const to = (axesSetting(layer, 'destination', 2) ?? []).map(at);
  const rest = layer.shape(x).flatMap((_, axis) => (from.includes(axis) ? [] : [axis]));
  const permutation = layer.shape(x).map((_, axis) => {
    const moved = to.indexOf(axis);
    return moved >= 0 ? (from[moved] ?? axis) : (rest.shift() ?? axis);
  });
  return layer.emit({ kind: 'transpose', permutation }, [x]);
};

const expandDims: LayerFunction = (layer) => {
  const axes = axesSetting(layer, 'axis', 1) ?? [-1];
  return axes.reduce((value, axis) => layer.expandDims(value, axis), operand(layer, 0, 'x'));
};

const squeeze: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const shape = layer.shape(x);
  const ones = shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  return layer.squeeze(x, axesSetting(layer, 'axis', 1) ?? ones);
};

const concatenate: LayerFunction = (layer) =>
  layer.concatenate(
    listOperands(layer),
    integerSetting(layer, 'axis', { position: 1, fallback: 0 }),
  );

const stack: LayerFunction = (layer) => {
  const inputs = listOperands(layer);
  const axis = integerSetting(layer, 'axis', { position: 1, fallback: 0 });
  const at = axis < 0 ? axis + layer.rank(inputs[0]) + 1 : axis;
  return layer.concatenate(
    inputs.map((input) => layer.expandDims(input, at)),
    at,
  );
};

/** Into equal parts, or at the places of a list. */
const split: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const axis = integerSetting(layer, 'axis', { position: 2, fallback: 0 });
  const length = layer.shape(x).at(axis) ?? -1;
  const cuts = setting(layer, 'indices_or_sections', 1);
  if (length < 0) throw layer.unsupported('an axis of open size', 'one of known size');
  const sizes = partSizes(cuts, length);
  if (sizes === null) throw layer.unsupported('parts that do not fit', 'a number or places');
  return layer.emitAll({ kind: 'split', axis, sizes }, [x], sizes.length);
};

function partSizes(cuts: unknown, length: number): readonly number[] | null {
  if (typeof cuts === 'number') {
    const isDivisor = Number.isSafeInteger(cuts) && cuts >= 1 && length % cuts === 0;
    if (!isDivisor || cuts > MAX_PARTS) return null;
    return new Array<number>(cuts).fill(length / cuts);
  }
  if (!Array.isArray(cuts) || !cuts.every((cut) => Number.isSafeInteger(cut))) return null;
  const ends = [...(cuts as number[]), length];
  const sizes = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  return sizes.every((size) => size >= 0) ? sizes : null;
}

const flip: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const axes = axesSetting(layer, 'axis', 1) ?? layer.shape(x).map((_, axis) => axis);
  return layer.emit({ kind: 'reverse', axes }, [x]);
};

const tile: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const given = axesSetting(layer, 'repeats', 1) ?? axesSetting(layer, 'multiples') ?? [];
  const missing = layer.rank(x) - given.length;
  if (missing < 0) throw layer.unsupported('more repeats than axes', 'one for each axis');
  const repeats = [...new Array<number>(missing).fill(1), ...given];
  return layer.emit({ kind: 'tile', repeats }, [x]);
};

/** Each element, or each slice along an axis, several times. */
const repeat: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const repeats = integerSetting(layer, 'repeats', { position: 1 });
  const axis = integerSetting(layer, 'axis', { position: 2 });
  const length = layer.shape(x).at(axis) ?? -1;
  if (length < 0) throw layer.unsupported('an axis of open size', 'one of known size');
  if (repeats < 0 || length * repeats > MAX_CONSTANT_ELEMENTS) {
    throw layer.unsupported(`${length * repeats} places`, `0 to ${MAX_CONSTANT_ELEMENTS}`);
  }
  const places = Array.from({ length: length * repeats }, (_, i) => Math.floor(i / repeats));
  const indices = layer.constant(places, [places.length], 'int32');
  return layer.emit({ kind: 'gather', axis }, [x, indices]);
};

const PAD_MODES = { constant: 'constant', edge: 'edge', reflect: 'reflect', wrap: 'wrap' } as const;

const pad: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const widths = setting(layer, 'pad_width', 1);
  const word = setting(layer, 'mode') ?? 'constant';
  const mode = Object.values(PAD_MODES).find((known) => known === word);
  const value = setting(layer, 'constant_values') ?? 0;
  if (mode === undefined || typeof value !== 'number') {
    throw layer.unsupported(`padding ${describeJson(word)}`, Object.keys(PAD_MODES).join(', '));
  }
  const sides = sidesOf(widths, layer.rank(x));
  if (sides === null) throw layer.unsupported('pad_width of another form', 'two numbers an axis');
  return layer.emit({ kind: 'pad', mode, sides, value }, [x]);
};

function sidesOf(widths: unknown, rank: number): readonly Sides[] | null {
  const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && Number(size) >= 0;
  if (isSize(widths)) return new Array<Sides>(rank).fill([widths, widths]);
  if (!Array.isArray(widths)) return null;
  const pairs = widths.map((pair: unknown): Sides | null => {
    const [before, after] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    return isSize(before) && isSize(after) ? [before, after] : null;
  });
  const [only] = pairs;
  const all = pairs.length === 1 && only !== undefined ? new Array(rank).fill(only) : pairs;
  const sides = all.filter((pair): pair is Sides => pair !== null);
  return sides.length === rank ? sides : null;
}

const take: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const indices = layer.cast(operand(layer, 1, 'indices'), 'int32');
  const axis = setting(layer, 'axis', 2);
  if (typeof axis !== 'number') throw layer.unsupported('no axis', 'an axis');
  return layer.emit({ kind: 'gather', axis }, [x, indices]);
};

const oneHot: LayerFunction = (layer) => {
  const x = layer.cast(operand(layer, 0, 'x'), 'int32');
  const depth = integerSetting(layer, 'num_classes', { position: 1 });
  const axis = integerSetting(layer, 'axis', { fallback: -1 });
  return layer.emit({ kind: 'oneHot', depth, axis, on: 1, off: 0 }, [x]);
};

const broadcastTo: LayerFunction = (layer) => {
  const shape = setting(layer, 'shape', 1);
  if (!Array.isArray(shape)) throw layer.unsupported('no shape', 'whole numbers');
  const sizes = shape.map((size: unknown) => (typeof size === 'number' ? size : -1));
  return layer.emit({ kind: 'expand', shape: sizes }, [operand(layer, 0, 'x')]);
};

function filledLike(value: number): LayerFunction {
  return (layer) => {
    const everywhere = layer.cast(layer.everywhere(operand(layer, 0, 'x')), 'float32');
    return value === 1 ? everywhere : layer.merge('subtract', everywhere, layer.scalar(1));
  };
}

const identity: LayerFunction = (layer) => layer.emit({ kind: 'identity' }, [first(layer)]);

function first(layer: LayerContext): string {
  return operand(layer, 0, 'x');
}

/** Whether an argument is a list of constants, for slices. */
export function keyOf(layer: LayerContext): unknown {
  return constantOf(layer.argument(1, 'key')) ?? constantOf(layer.argument(null, 'slice_spec'));
}

export const arrayOperations: Readonly<Record<string, LayerFunction>> = {
  Reshape: reshape,
  Transpose: transpose,
  Swapaxes: swapAxes,
  Moveaxis: moveAxis,
  ExpandDims: expandDims,
  Squeeze: squeeze,
  Concatenate: concatenate,
  Stack: stack,
  Split: split,
  Flip: flip,
  Tile: tile,
  Repeat: repeat,
  Pad: pad,
  Take: take,
  OneHot: oneHot,
  BroadcastTo: broadcastTo,
  ZerosLike: filledLike(0),
  OnesLike: filledLike(1),
  Identity: identity,
  StopGradient: identity,
  Copy: identity,
};
