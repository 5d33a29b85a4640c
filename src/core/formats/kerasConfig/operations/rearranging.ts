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

/** The size of an axis. @throws UnsupportedError where it is open. */
function sizeAt(layer: LayerContext, x: string, axis: number): number {
  const size = layer.shape(x).at(axis) ?? -1;
  if (size < 0) throw layer.unsupported('an axis of open size', 'one of known size');
  if (size <= MAX_CONSTANT_ELEMENTS) return size;
  throw layer.unsupported(`an axis of ${size}`, `up to ${MAX_CONSTANT_ELEMENTS}`);
}

const ravel: LayerFunction = (layer) => layer.reshape(operand(layer, 0, 'x'), [-1]);

/** Elements moved on along axes, those at the end to the beginning; without an axis in C order. */
const roll: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const shifts = axesSetting(layer, 'shift', 1) ?? [];
  const axes = axesSetting(layer, 'axis', 2);
  if (axes === null) {
    const flat = rolled(layer, layer.reshape(x, [-1]), shifts[0] ?? 0, 0);
    return layer.reshapeTo(flat, layer.shape(x));
  }
  return axes.reduce(
    (value, axis, i) => rolled(layer, value, shifts[i] ?? shifts[0] ?? 0, axis),
    x,
  );
};

function rolled(layer: LayerContext, x: string, shift: number, axis: number): string {
  const size = sizeAt(layer, x, axis);
  const from = Array.from({ length: size }, (_, i) => (((i - shift) % size) + size) % size);
  return layer.emit({ kind: 'gather', axis }, [x, layer.constant(from, [size], 'int32')]);
}

/** Zeros below (`upper`) or above a diagonal of each matrix. */
function triangle(part: 'upper' | 'lower'): LayerFunction {
  return (layer) => {
    const x = operand(layer, 0, 'x');
    const k = integerSetting(layer, 'k', { position: 1, fallback: 0 });
    const [rows, columns] = [sizeAt(layer, x, -2), sizeAt(layer, x, -1)];
    if (rows * columns > MAX_CONSTANT_ELEMENTS) {
      throw layer.unsupported(`${rows * columns} places`, `up to ${MAX_CONSTANT_ELEMENTS}`);
    }
    const kept = Array.from({ length: rows * columns }, (_, i) => {
      const offset = (i % columns) - Math.floor(i / columns);
      return Number(part === 'upper' ? offset >= k : offset <= k);
    });
    return layer.select(layer.constant(kept, [rows, columns], 'bool'), x, zeroLike(layer, x));
  };
}

function zeroLike(layer: LayerContext, x: string): string {
  return layer.scalar(0, layer.type(x));
}

/** Differences of neighbours, `n` times over. */
const difference: LayerFunction = (layer) => {
  const times = integerSetting(layer, 'n', { position: 1, fallback: 1 });
  const axis = integerSetting(layer, 'axis', { position: 2, fallback: -1 });
  if (times < 0 || times > MAX_PARTS) throw layer.unsupported(`n ${times}`, `0 to ${MAX_PARTS}`);
  let x = operand(layer, 0, 'a');
  for (let time = 0; time < times; time++) {
    const size = sizeAt(layer, x, axis);
    if (size === 0) return x;
    const later = sliced(layer, x, axis, { start: 1, size: size - 1 });
    x = layer.merge('subtract', later, sliced(layer, x, axis, { start: 0, size: size - 1 }));
  }
  return x;
};

function sliced(
  layer: LayerContext,
  x: string,
  axis: number,
  { start, size }: { readonly start: number; readonly size: number },
): string {
  const axes = [axis < 0 ? axis + layer.rank(x) : axis];
  return layer.emit({ kind: 'slice', axes, starts: [start], sizes: [size], steps: [1] }, [x]);
}

/** Each slice along an axis by itself. */
const unstack: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const axis = integerSetting(layer, 'axis', { position: 2, fallback: 0 });
  const size = sizeAt(layer, x, axis);
  if (size > MAX_PARTS) throw layer.unsupported(`${size} parts`, `up to ${MAX_PARTS}`);
  const sizes = new Array<number>(size).fill(1);
  const parts = layer.emitAll({ kind: 'split', axis, sizes }, [x], size);
  return parts.map((part) => layer.squeeze(part, [axis]));
};

/** Along the second axis, or the first of arrays with one. */
const stackColumns: LayerFunction = (layer) => {
  const inputs = listOperands(layer);
  return layer.concatenate(inputs, layer.rank(inputs[0]) === 1 ? 0 : 1);
};

/** Along the first axis; arrays with one axis are rows. */
const stackRows: LayerFunction = (layer) => {
  const inputs = listOperands(layer);
  const rows = inputs.map((x) => (layer.rank(x) === 1 ? layer.expandDims(x, 0) : x));
  return layer.concatenate(rows, 0);
};

/** A block of a given shape from constant indices on. */
const block: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'inputs');
  const starts = constantOf(layer.argument(1, 'start_indices'));
  const shape = setting(layer, 'shape', 2);
  if (!isWholeList(starts) || !isWholeList(shape) || starts.length !== shape.length) {
    throw layer.unsupported('a start that is computed', 'whole numbers');
  }
  const steps = shape.map(() => 1);
  return layer.emit({ kind: 'slice', axes: shape.map((_, i) => i), starts, sizes: shape, steps }, [
    x,
  ]);
};

function isWholeList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** The elements along an axis in ascending order, or their places. */
function sorted(output: 0 | 1): LayerFunction {
  return (layer) => {
    const x = operand(layer, 0, 'x');
    const axis = integerSetting(layer, 'axis', { position: 1, fallback: -1 });
    const k = sizeAt(layer, x, axis);
    const outputs = layer.emitAll({ kind: 'topK', k, axis, largest: false }, [x], 2);
    return outputs[output] ?? x;
  };
}

const takeAlongAxis: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const indices = layer.cast(operand(layer, 1, 'indices'), 'int32');
  const axis = integerSetting(layer, 'axis', { position: 2 });
  return layer.emit({ kind: 'gatherElements', axis }, [x, indices]);
};

/** One number everywhere in the shape of x. */
const fullLike: LayerFunction = (layer) => {
  const value = setting(layer, 'fill_value', 1);
  if (typeof value !== 'number') throw layer.unsupported('no number to fill with', 'a number');
  const ones = layer.cast(layer.everywhere(operand(layer, 0, 'x')), 'float32');
  return layer.merge('multiply', ones, layer.scalar(value));
};

/** 1 at the places of the whole numbers along the last axis. Source: multi_hot of Keras 3.15. */
const multiHot: LayerFunction = (layer) => {
  const x = layer.cast(operand(layer, 0, 'inputs'), 'int32');
  const depth = integerSetting(layer, 'num_classes', { position: 1 });
  const axis = integerSetting(layer, 'axis', { position: 2, fallback: -1 });
  const marks = layer.emit({ kind: 'oneHot', depth, axis, on: 1, off: 0 }, [x]);
  return layer.reduce('max', marks, [layer.rank(x) > 1 ? 1 : 0]);
};

/** What it already is, in the type that is asked for. */
const convertToTensor: LayerFunction = (layer) => {
  const x = operand(layer, 0, 'x');
  const dtype = setting(layer, 'dtype', 1);
  if (typeof dtype !== 'string') return layer.emit({ kind: 'identity' }, [x]);
  const type = dtype === 'bool' ? 'bool' : /^u?int/.test(dtype) ? 'int32' : 'float32';
  return layer.cast(x, type);
};

export const rearrangingOperations: Readonly<Record<string, LayerFunction>> = {
  Ravel: ravel,
  Roll: roll,
  Triu: triangle('upper'),
  Tril: triangle('lower'),
  Diff: difference,
  Unstack: unstack,
  Hstack: stackColumns,
  Vstack: stackRows,
  Slice: block,
  Sort: sorted(0),
  Argsort: sorted(1),
  TakeAlongAxis: takeAlongAxis,
  FullLike: fullLike,
  MultiHot: multiHot,
  ConvertToTensor: convertToTensor,
};
