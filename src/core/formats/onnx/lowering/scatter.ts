import { hostCount } from '../../../graph/lowering/hostValue';
import { stridesOf } from '../../../graph/lowering/hostStrides';
import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

/**
 * Where each element of the result comes from: the data, or (counted on behind them) the updates.
 * With known indices a scatter is a gather from both.
 */
function takeFrom(
  node: NodeContext,
  data: LoweredValue,
  updates: LoweredValue,
  places: readonly number[],
): LoweredValue {
  const shape = node.shape(data);
  const count = hostCount(shape, node.around.assembler.misfit(node.layer));
  const sources = Array.from({ length: count }, (_, i) => i);
  places.forEach((place, update) => (sources[place] = count + update));
  const [first, second] = [node.reshape(data, [-1]), node.reshape(updates, [-1])];
  const both = node.emit({ kind: 'concatenate', axis: 0 }, first, second);
  const taken = node.emit({ kind: 'gather', axis: 0 }, both, node.vector(sources));
  return node.reshape(taken, shape);
}

function assertPlain(node: NodeContext, shape: readonly number[]): void {
  const reduction = node.text('reduction', 'none');
  if (reduction !== 'none') throw node.unsupported(`reduction ${reduction}`, 'reduction none');
  if (shape.some((size) => size < 0)) {
    throw node.unsupported('data of open size', 'sizes that are given');
  }
}

const scatterElements: LowerNode = (node) => {
  const data = node.input(0);
  const shape = node.shape(data);
  assertPlain(node, shape);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const indices = node.numbers(1) ?? [];
  const own = node.shape(node.input(1));
  const [from, to] = [stridesOf(own), stridesOf(shape)];
  const places = indices.map((index, i) =>
    to.reduce((sum, stride, at) => {
      const place = at === axis ? wrapped(node, index, shape[at]) : coordinate(own, from, at, i);
      return sum + place * stride;
    }, 0),
  );
  return takeFrom(node, data, node.input(2), places);
};

function coordinate(
  shape: readonly number[],
  strides: readonly number[],
  axis: number,
  flat: number,
): number {
  return Math.floor(flat / (strides[axis] ?? 1)) % (shape[axis] ?? 1);
}

const scatterNd: LowerNode = (node) => {
  const data = node.input(0);
  const shape = node.shape(data);
  assertPlain(node, shape);
  const indices = node.numbers(1) ?? [];
  const depth = node.shape(node.input(1)).at(-1) ?? 1;
  const strides = stridesOf(shape);
  const inner = hostCount(shape.slice(depth), node.around.assembler.misfit(node.layer));
  const places: number[] = [];
  for (let at = 0; at < indices.length; at += depth) {
    const start = indices
      .slice(at, at + depth)
      .reduce((sum, index, i) => sum + wrapped(node, index, shape[i]) * (strides[i] ?? 1), 0);
    hostCount([places.length + inner], node.around.assembler.misfit(node.layer));
    for (let i = 0; i < inner; i++) places.push(start + i);
  }
  return takeFrom(node, data, node.input(2), places);
};

function wrapped(node: NodeContext, index: number, length = 0): number {
  if (index >= -length && index < length) return index < 0 ? index + length : index;
  throw node.unsupported(`index ${index}`, `-${length} to ${length - 1}`);
}

/** Source: Operators.md of ONNX 1.23. */
export const SCATTER: LoweringTable = {
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
};
