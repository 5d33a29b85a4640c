import { rangeHost } from '../../../graph/lowering/hostArrays';
import { hostShape } from '../../../graph/lowering/hostValue';
import { hostOf, hostResult } from '../../../graph/lowering/loweredValue';
import type { Sides } from '../../../graph/operators/linear';
import { MAX_PARTS } from './limits';
import type { LoweringTable, LowerNode, NodeContext } from './nodeContext';

const reshape: LowerNode = (node) => node.reshape(node.input(0), node.host(1).elements);

const transpose: LowerNode = (node) =>
  node.emit({ kind: 'transpose', permutation: node.numbers(1) }, node.input(0));

const expandDims: LowerNode = (node) => node.expandDims(node.input(0), node.number(1));

const squeeze: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const given = node.attributes.ints('squeeze_dims') ?? node.attributes.ints('axis');
  const gone = new Set(
    given === null
      ? shape.flatMap((size, axis) => (size === 1 ? [axis] : []))
      : given.map((axis) => node.axis(axis, shape.length)),
  );
  return node.withSizes(
    x,
    shape.filter((_, axis) => !gone.has(axis)),
  );
};

const shapeOf: LowerNode = (node) => hostResult(hostShape(node.shape(node.input(0))));

const shapesOf: LowerNode = (node) =>
  node.inputs.map((input) => hostResult(hostShape(node.shape(input))));

const rankOf: LowerNode = (node) =>
  node.assembler.scalar(node.shape(node.input(0)).length, 'int32');

const sizeOf: LowerNode = (node) => {
  const shape = node.shape(node.input(0));
  const isOpen = shape.some((size) => size < 0);
  const size = isOpen ? null : shape.reduce((product, one) => product * one, 1);
  return hostResult({ shape: [], type: 'int32', elements: [size] });
};

const concat: LowerNode = (node) => {
  // The axis stands last, in the first version first.
  const isFirst = node.node.op === 'Concat';
  const at = isFirst ? 0 : node.inputs.length - 1;
  const axis = node.number(at);
  const values = node.inputs.filter((_, i) => i !== at);
  const [only] = values;
  if (values.length === 1 && only !== undefined) return only;
  return node.emit({ kind: 'concatenate', axis }, ...values);
};

const pack: LowerNode = (node) => {
  const axis = node.attributes.int('axis', 0);
  const at = node.axis(axis, node.shape(node.input(0)).length + 1);
  const apart = node.inputs.map((input) => node.expandDims(input, at));
  const [only] = apart;
  if (apart.length === 1 && only !== undefined) return only;
  return node.emit({ kind: 'concatenate', axis: at }, ...apart);
};

const unpack: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const axis = node.axis(node.attributes.int('axis', 0), shape.length);
  const count = shape[axis] ?? -1;
  if (count < 1 || count > MAX_PARTS) {
    throw node.unsupported(`${count} parts`, `1 to ${MAX_PARTS}`);
  }
  const sizes = new Array<number>(count).fill(1);
  const parts = count === 1 ? [x] : node.emitAll({ kind: 'split', axis, sizes }, [x]);
  return parts.map((part) => node.withSizes(part, shape.toSpliced(axis, 1)));
};

/** Into equal parts: the axis stands first. */
const split: LowerNode = (node) => {
  const x = node.input(1);
  const shape = node.shape(x);
  const axis = node.axis(node.number(0), shape.length);
  const count = node.attributes.int('num_split', 1);
  const length = shape[axis] ?? -1;
  if (length < 0 || count < 1 || count > MAX_PARTS || length % count !== 0) {
    throw node.unsupported(`${count} parts of an axis of ${length}`, 'parts of one size');
  }
  if (count === 1) return [x];
  const sizes = new Array<number>(count).fill(length / count);
  return node.emitAll({ kind: 'split', axis, sizes }, [x]);
};

/** One size may be -1: what is left. */
const splitSizes: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const axis = node.axis(node.number(2), shape.length);
  const given = node.numbers(1);
  const used = given.reduce((sum, size) => sum + Math.max(0, size), 0);
  const length = shape[axis] ?? -1;
  const sizes = given.map((size) => (size < 0 ? length - used : size));
  if (sizes.some((size) => size < 0)) {
    throw node.unsupported('parts of an axis of open size', 'sizes that are given');
  }
  return sizes.length === 1 ? [x] : node.emitAll({ kind: 'split', axis, sizes }, [x]);
};

/** Source: tf.gather, without batch dimensions. */
const gather: LowerNode = (node) => {
  if (node.attributes.int('batch_dims', 0) !== 0) {
    throw node.unsupported('batch_dims', 'one table for all samples');
  }
  const axis = node.node.op === 'GatherV2' ? node.number(2) : 0;
  const indices = node.input(1);
  const whole =
    node.facts(indices).type === 'int32'
      ? indices
      : node.emit({ kind: 'cast', to: 'int32' }, indices);
  return node.emit({ kind: 'gather', axis }, node.input(0), whole);
};

const pad: LowerNode = (node) => {
  const flat = node.numbers(1);
  const rank = flat.length / 2;
  const sides = Array.from({ length: rank }, (_, axis): Sides => [
    flat[2 * axis] ?? 0,
    flat[2 * axis + 1] ?? 0,
  ]);
  const isMirror = node.node.op === 'MirrorPad';
  if (isMirror && node.attributes.text('mode', 'REFLECT') !== 'REFLECT') {
    throw node.unsupported('mode SYMMETRIC', 'REFLECT');
  }
  const mode = isMirror ? 'reflect' : 'constant';
  const value = node.node.op === 'PadV2' ? node.number(2) : 0;
  return node.emit({ kind: 'pad', mode, sides, value }, node.input(0));
};

const tile: LowerNode = (node) =>
  node.emit({ kind: 'tile', repeats: node.numbers(1) }, node.input(0));

const broadcastTo: LowerNode = (node) => {
  const shape = node.host(1).elements.map((size) => size ?? -1);
  return node.emit({ kind: 'expand', shape }, node.input(0));
};

const fill: LowerNode = (node) => {
  const value = hostOf(node.input(1));
  const element = value?.elements[0];
  if (value === null || element === undefined || element === null) {
    throw node.unsupported('a value that is computed', 'one that is known beforehand');
  }
  return node.assembler.uniform(
    { shape: node.host(0).elements, type: value.type, element },
    node.layer,
  );
};

const range: LowerNode = (node) => {
  const [start, limit, step] = [node.number(0), node.number(1), node.number(2)];
  const { type } = node.host(0);
  const misfit = node.assembler.misfit(node.layer);
  return hostResult(rangeHost({ start, limit, step }, type, misfit));
};

const reverse: LowerNode = (node) =>
  node.emit({ kind: 'reverse', axes: node.numbers(1) }, node.input(0));

const oneHot: LowerNode = (node) =>
  node.emit(
    {
      kind: 'oneHot',
      depth: node.number(1),
      axis: node.attributes.int('axis', -1),
      on: node.number(2),
      off: node.number(3),
    },
    node.input(0),
  );

/** [batch, height, width, channels]: blocks of space to the batch, the block outermost. */
const spaceToBatch: LowerNode = (node) => {
  const blocks = node.numbers(1);
  const paddings = node.numbers(2);
  const x = node.input(0);
  const rank = node.shape(x).length;
  const sides = Array.from({ length: rank }, (_, axis): Sides => {
    const at = 2 * (axis - 1);
    const isBlocked = axis >= 1 && axis <= blocks.length;
    return isBlocked ? [paddings[at] ?? 0, paddings[at + 1] ?? 0] : [0, 0];
  });
  const padded = node.emit({ kind: 'pad', mode: 'constant', sides, value: 0 }, x);
  const [, ...shape] = node.shape(padded);
  const space = blockedSizes(node, shape.slice(0, blocks.length), blocks);
  const rest = shape.slice(blocks.length);
  const apart = node.reshape(padded, [
    null,
    ...space.flatMap((size, i) => [size, blocks[i] ?? 1]),
    ...rest,
  ]);
  const permutation = [
    ...blocks.map((_, i) => 2 * i + 2),
    0,
    ...blocks.map((_, i) => 2 * i + 1),
    ...rest.map((_, i) => 2 * blocks.length + 1 + i),
  ];
  const moved = node.emit({ kind: 'transpose', permutation }, apart);
  return node.emit({ kind: 'reshape', shape: [-1, ...space, ...rest] }, moved);
};

function blockedSizes(
  node: NodeContext,
  sizes: readonly number[],
  blocks: readonly number[],
): readonly number[] {
  const divided = sizes.map((size, i) => size / (blocks[i] ?? 1));
  if (sizes.every((size) => size > 0) && divided.every(Number.isInteger)) return divided;
  throw node.unsupported(`an image of [${sizes.join(', ')}]`, 'sizes that the blocks divide');
}

/** The other way round, then cropped. */
const batchToSpace: LowerNode = (node) => {
  const blocks = node.numbers(1);
  const crops = node.numbers(2);
  const x = node.input(0);
  const [, ...shape] = node.shape(x);
  const space = shape.slice(0, blocks.length);
  const rest = shape.slice(blocks.length);
  const apart = node.emit({ kind: 'reshape', shape: [...blocks, -1, ...shape] }, x);
  const count = blocks.length;
  const permutation = [
    count,
    ...blocks.flatMap((_, i) => [count + 1 + i, i]),
    ...rest.map((_, i) => 2 * count + 1 + i),
  ];
  const moved = node.emit({ kind: 'transpose', permutation }, apart);
  const sizes = space.map((size, i) => size * (blocks[i] ?? 1));
  const joined = node.emit({ kind: 'reshape', shape: [-1, ...sizes, ...rest] }, moved);
  const sides = Array.from({ length: shape.length + 1 }, (_, axis): Sides => {
    const at = 2 * (axis - 1);
    const isBlocked = axis >= 1 && axis <= count;
    return isBlocked ? [0 - (crops[at] ?? 0), 0 - (crops[at + 1] ?? 0)] : [0, 0];
  });
  return node.emit({ kind: 'pad', mode: 'constant', sides, value: 0 }, joined);
};

/** Source: transformation.json, slice_join.json and creation.json of tfjs-converter 4.22. */
export const ARRAYS: LoweringTable = {
  Reshape: reshape,
  Transpose: transpose,
  ExpandDims: expandDims,
  Squeeze: squeeze,
  Shape: shapeOf,
  ShapeN: shapesOf,
  Rank: rankOf,
  Size: sizeOf,
  Concat: concat,
  ConcatV2: concat,
  Pack: pack,
  Unpack: unpack,
  Split: split,
  SplitV: splitSizes,
  Gather: gather,
  GatherV2: gather,
  ResourceGather: gather,
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  Tile: tile,
  BroadcastTo: broadcastTo,
  Fill: fill,
  Range: range,
  ReverseV2: reverse,
  OneHot: oneHot,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
};
