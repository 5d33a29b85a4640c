import type { Graph, GraphNode } from './graph';
import type { GraphUses, ValueUse } from './graphUses';
import type { ValueShapes } from './inferShapes';
import { productOf, type Shape } from './shapes/valueFacts';

/** How a tensor of the file becomes what an operator reads: nodes that move its elements or work on each. */
export interface KernelPath {
  /** Of what the operator reads. */
  readonly shape: Shape;
  /** From the operator back to the tensor: transpositions, with the shape that goes into each. */
  readonly turns: readonly { readonly from: Shape; readonly permutation: readonly number[] }[];
}

/**
 * The path of a tensor to a place where it is used; null where other nodes than reshapes, transpositions and
 * element-by-element ones are on it.
 */
export function kernelPath(
  { graph, uses, shapes }: { graph: Graph; uses: GraphUses; shapes: ValueShapes },
  { node, input }: ValueUse,
  tensor: string,
): KernelPath | null {
  const own = new Set(
    graph.parameters.filter((one) => one.tensor === tensor).map((one) => one.value),
  );
  const shapeOf = (value: string): Shape => shapes.get(value)?.shape ?? [];
  let value = node.inputs[input] ?? '';
  const shape = shapeOf(value);
  const turns: { from: Shape; permutation: readonly number[] }[] = [];
  while (!own.has(value)) {
    const maker = uses.makers.get(value);
    const from = maker?.inputs.find(
      (one) => one !== null && productOf(shapeOf(one)) === productOf(shape),
    );
    if (maker === undefined || from === undefined || from === null || !keepsElements(maker)) {
      return null;
    }
    if (maker.operator.kind === 'transpose') {
      turns.push({ from: shapeOf(from), permutation: maker.operator.permutation });
    }
    value = from;
  }
  return { shape, turns };
}

function keepsElements({ operator }: GraphNode): boolean {
  switch (operator.kind) {
    case 'activation':
    case 'cast':
    case 'flatten':
    case 'identity':
    case 'merge':
    case 'reshape':
    case 'transpose':
    case 'unary':
      return true;
    default:
      return false;
  }
}

/** Values in the order of what the operator reads, as they stand in the tensor; both in C order. */
export function inTensorOrder(values: Float64Array, { turns }: KernelPath): Float64Array {
  return turns.reduce(
    (turned, { from, permutation }) => turnedBack(turned, from, permutation),
    values,
  );
}

function turnedBack(
  values: Float64Array,
  from: Shape,
  permutation: readonly number[],
): Float64Array {
  const shape = permutation.map((axis) => from[axis] ?? 1);
  const strides = stridesOf(from);
  const steps = permutation.map((axis) => strides[axis] ?? 1);
  const target = new Float64Array(values.length);
  const index = shape.map(() => 0);
  let at = 0;
  for (const value of values) {
    target[at] = value;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size = 1, step = 1, i = 0] = [shape[axis], steps[axis], index[axis]];
      at += step;
      index[axis] = i + 1;
      if (i + 1 < size) break;
      at -= step * size;
      index[axis] = 0;
    }
  }
  return target;
}

function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, axis) => productOf(shape.slice(axis + 1)));
}
