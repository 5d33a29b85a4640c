import { hostCount, isKnown } from '../../../graph/lowering/hostValue';
import { stridesOf } from '../../../graph/lowering/hostStrides';
import { hostOf, type LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { scatterAlong } from './scatterAlong';

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

/** The indices where each place is known beforehand and gets one update at most. */
function knownIndices(node: NodeContext): readonly number[] | null {
  const host = hostOf(node.input(1));
  if (host === null || !isKnown(host) || node.text('reduction', 'none') !== 'none') return null;
  return host.elements;
}

function assertGiven(node: NodeContext, shape: readonly number[]): void {
  if (shape.some((size) => size < 0)) {
    throw node.unsupported('data of open size', 'sizes that are given');
  }
}

const scatterElements: LowerNode = (node) => {
  const data = node.input(0);
  const shape = node.shape(data);
  assertGiven(node, shape);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const indices = knownIndices(node);
  if (indices === null) {
    return scatterAlong(node, { data, indices: node.input(1), updates: node.input(2) }, axis);
  }
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
  assertGiven(node, shape);
  const indices = knownIndices(node);
  if (indices === null) return scatterRows(node, shape);
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

/** Slices of the data as rows, with the row of each update. */
function scatterRows(node: NodeContext, shape: readonly number[]): LoweredValue {
  const indices = node.input(1);
  const own = node.shape(indices);
  const depth = own.at(-1) ?? 1;
  const places = shape.slice(0, depth);
  const [count, inner] = [elements(places), elements(shape.slice(depth))];
  const updates = elements(own.slice(0, -1));
  assertGiven(node, own);
  const inside = node.merge('modulo', node.cast(indices, 'int32'), node.vector(places));
  const weighted = node.merge('multiply', inside, node.vector(stridesOf(places)));
  const rows = node.reshape(node.reduce('sum', weighted, [own.length - 1], false), [updates, 1]);
  const scattered = {
    data: node.reshape(node.input(0), [count, inner]),
    indices: node.emit({ kind: 'expand', shape: [updates, inner] }, rows),
    updates: node.reshape(node.input(2), [updates, inner]),
  };
  return node.reshape(scatterAlong(node, scattered, 0), shape);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1);
}

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
