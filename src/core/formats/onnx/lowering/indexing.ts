import { isKnown } from '../../../graph/lowering/hostValue';
import { hostOf, hostResult, type LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

const gather: LowerNode = (node) => {
  const [data, indices] = [node.input(0), node.input(1)];
  const axis = node.axis(node.int('axis', 0), node.shape(data).length);
  return node.emit(
    { kind: 'gather', axis },
    data,
    fromFront(node, indices, node.shape(data)[axis]),
  );
};

/** Indices that are known, counted from the front where the axis's length is known. */
function fromFront(
  node: NodeContext,
  indices: LoweredValue,
  length: number | undefined,
): LoweredValue {
  const host = hostOf(indices);
  if (host === null) return node.cast(indices, 'int32');
  const isPlain = !isKnown(host) || host.elements.every((index) => index >= 0);
  if (length === undefined || length < 0 || isPlain) return indices;
  const elements = host.elements.map((index) => (index < 0 ? index + length : index));
  return hostResult({ ...host, elements });
}

const gatherElements: LowerNode = (node) => {
  const [data, indices] = [node.input(0), node.input(1)];
  const axis = node.axis(node.int('axis', 0), node.shape(data).length);
  const length = node.shape(data)[axis];
  return node.emit({ kind: 'gatherElements', axis }, data, fromFront(node, indices, length));
};

/** Each last axis of the indices is a place in the first axes of the data, which become one. */
const gatherNd: LowerNode = (node) => {
  const [data, indices] = [node.input(0), node.input(1)];
  if (node.int('batch_dims', 0) !== 0) {
    throw node.unsupported('batch_dims above 0', 'indices into the first axes');
  }
  const depth = node.shape(indices).at(-1) ?? -1;
  const shape = node.shape(data);
  const [places, rest] = [shape.slice(0, depth), shape.slice(depth)];
  if (depth < 0 || places.some((size) => size < 0)) {
    throw node.unsupported('places in axes of open size', 'sizes that are given');
  }
  const strides = places.map((_, i) => places.slice(i + 1).reduce((all, size) => all * size, 1));
  const inside = node.merge('modulo', node.cast(indices, 'int32'), node.vector(places));
  const weighted = node.merge('multiply', inside, node.vector(strides));
  const flat = node.reduce('sum', weighted, [node.shape(indices).length - 1], false);
  const count = places.reduce((all, size) => all * size, 1);
  const open = rest.filter((size) => size < 0).length;
  if (open > 1) throw node.unsupported('several open sizes', 'sizes that are given');
  const rows = node.reshape(data, [count, ...rest]);
  return node.emit({ kind: 'gather', axis: 0 }, rows, flat);
};

const oneHot: LowerNode = (node) => {
  const depth = node.number(1);
  const values = node.input(2);
  const [off, on] = node.numbers(2) ?? [];
  if (depth === null || depth < 0 || off === undefined || on === undefined) {
    throw node.unsupported('no depth or values', 'numbers that are known beforehand');
  }
  const indices = node.cast(node.input(0), 'int32');
  const axis = node.axis(node.int('axis', -1), node.shape(indices).length + 1);
  const isNegative = node.emit({ kind: 'compare', mode: 'less' }, indices, node.scalar(0, 'int32'));
  const raised = node.merge('add', indices, node.scalar(depth, 'int32'));
  const places = node.emit({ kind: 'select' }, isNegative, raised, indices);
  const encoded = node.emit({ kind: 'oneHot', depth, axis, on, off }, places);
  return node.cast(encoded, node.facts(values).type);
};

/** Source: Operators.md of ONNX 1.23. */
export const INDEXING: LoweringTable = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  OneHot: oneHot,
};
