import { hostShape, type HostElement } from '../../../graph/lowering/hostValue';
import { hostOf, hostResult, type LoweredValue } from '../../../graph/lowering/loweredValue';
import { openReshape } from '../../../graph/lowering/openReshape';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';

/**
 * In another shape; null for sizes that are open.
 * @param keepsZeros whether 0 means the input's size of that axis
 * @throws UnsupportedError where the shape cannot be said with open sizes.
 */
export function reshapeTo(
  node: NodeContext,
  x: LoweredValue,
  target: readonly HostElement[],
  keepsZeros: boolean,
): LoweredValue {
  if (x.kind === 'uniform') return reshapedUniform(node, x, target);
  const shape = openReshape(target, node.around.assembler.facts(x)?.shape ?? [], keepsZeros);
  if (shape !== null) return node.reshape(x, shape);
  throw node.unsupported('a shape with several open sizes', 'sizes that are given');
}

function reshapedUniform(
  node: NodeContext,
  x: Extract<LoweredValue, { readonly kind: 'uniform' }>,
  target: readonly HostElement[],
): LoweredValue {
  if (target.includes(-1) || target.includes(0)) {
    throw node.unsupported('a reshape of a filled array of open size', 'sizes that are given');
  }
  return { ...x, shape: target };
}

const reshape: LowerNode = (node) => {
  const given = node.opset < 5 ? node.ints('shape') : node.host(1)?.elements;
  if (given === null || given === undefined) throw node.unsupported('no shape', 'a shape');
  return reshapeTo(node, node.input(0), given, node.int('allowzero', 0) === 0);
};

/** Two axes: what stands before `axis`, and the rest. */
const flatten: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const rank = shape.length;
  const given = node.int('axis', 1);
  const axis = given < 0 ? given + rank : given;
  if (axis === 1 && rank > 1) {
    return node.emit({ kind: 'flatten', dataFormat: 'channelsLast' }, x);
  }
  const [before, after] = [product(shape.slice(0, axis)), product(shape.slice(axis))];
  return reshapeTo(node, x, [before, after], false);
};

/** Null where a size is open. */
function product(sizes: readonly number[]): HostElement {
  return sizes.some((size) => size < 0) ? null : sizes.reduce((all, size) => all * size, 1);
}

const transpose: LowerNode = (node) => {
  const x = node.input(0);
  const given = node.ints('perm') ?? [];
  const rank = given.length > 0 ? given.length : node.shape(x).length;
  const permutation =
    given.length > 0 ? given : Array.from({ length: rank }, (_, i) => rank - 1 - i);
  const y = node.emit({ kind: 'transpose', permutation }, x);
  if (x.kind === 'tensor' && y.kind === 'graph' && permutation.join() === '1,0') {
    node.around.transposed.set(y.value, x);
  }
  return y;
};

const squeeze: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const given = node.opset < 13 ? node.ints('axes') : node.numbers(1);
  const gone = new Set(
    given === null
      ? shape.flatMap((size, axis) => (size === 1 ? [axis] : []))
      : given.map((axis) => node.axis(axis, shape.length)),
  );
  return withSizes(
    node,
    x,
    shape.filter((_, axis) => !gone.has(axis)),
  );
};

const unsqueeze: LowerNode = (node) => {
  const x = node.input(0);
  const shape = node.shape(x);
  const axes = (node.opset < 13 ? node.ints('axes') : node.numbers(1)) ?? [];
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => node.axis(axis, rank)));
  const rest = [...shape];
  const target = Array.from({ length: rank }, (_, axis) =>
    added.has(axis) ? 1 : (rest.shift() ?? 1),
  );
  return withSizes(node, x, target);
};

function withSizes(node: NodeContext, x: LoweredValue, sizes: readonly number[]): LoweredValue {
  const target = sizes.map((size) => (size < 0 ? null : size));
  return reshapeTo(node, x, target, false);
}

/** The shape, or a part of it. */
const shapeOf: LowerNode = (node) => {
  const shape = node.shape(node.input(0));
  const end = node.attribute('end')?.int ?? shape.length;
  return hostResult(hostShape(shape.slice(node.int('start', 0), end)));
};

const sizeOf: LowerNode = (node) => {
  const size = product(node.shape(node.input(0)));
  return hostResult({ shape: [], type: 'int32', elements: [size] });
};

/** To a shape as in NumPy, where 1 keeps the input's size too. */
const expand: LowerNode = (node) => {
  const x = node.input(0);
  const target = node.host(1)?.elements ?? [];
  if (!target.includes(null)) return emitExpand(node, x, node.numbers(1) ?? []);
  const element = sameElement(x);
  const shape = node.shape(x);
  const rank = Math.max(shape.length, target.length);
  if (element !== null) {
    const own = [...new Array<number>(rank - shape.length).fill(1), ...shape];
    const wanted = [...new Array<number>(rank - target.length).fill(1), ...target];
    const sizes = wanted.map((size, axis) => (size === 1 ? (own[axis] ?? 1) : size));
    const { type } = node.facts(x);
    return node.around.assembler.uniform({ shape: sizes, type, element }, node.layer);
  }
  const kept = target.map((size, i) => {
    const own = shape[i - (target.length - shape.length)] ?? 1;
    if (size !== null) return size;
    // An open size asked for where the input's is open keeps it; elsewhere nothing is known.
    if (own < 0) return -1;
    throw node.unsupported('a shape of open sizes', 'sizes that are given');
  });
  return emitExpand(node, x, kept);
};

function emitExpand(node: NodeContext, x: LoweredValue, shape: readonly number[]): LoweredValue {
  const element = sameElement(x);
  const known = node.around.assembler.facts(x)?.shape ?? [];
  const isOpen = known.some((size) => size < 0) || shape.includes(-1);
  if (element === null || isOpen || x.kind === 'tensor') {
    return node.emit({ kind: 'expand', shape }, x);
  }
  const rank = Math.max(shape.length, known.length);
  const sizes = Array.from({ length: rank }, (_, i) =>
    Math.max(shape[i - rank + shape.length] ?? 1, known[i - rank + known.length] ?? 1),
  );
  return node.around.assembler.uniform(
    { shape: sizes, type: node.facts(x).type, element },
    node.layer,
  );
}

/** The element of a value that is the same everywhere; null otherwise. */
function sameElement(x: LoweredValue): number | null {
  if (x.kind === 'uniform') return x.element;
  const [first = null, ...rest] = hostOf(x)?.elements ?? [];
  return rest.every((element) => element === first) ? first : null;
}

/** Source: Operators.md of ONNX 1.23. */
export const SHAPES: LoweringTable = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Shape: shapeOf,
  Size: sizeOf,
  Expand: expand,
};
