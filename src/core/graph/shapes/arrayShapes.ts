import type {
  ExpandOperator,
  OneHotOperator,
  PadOperator,
  ReshapeOperator,
  SliceOperator,
  SplitOperator,
  TileOperator,
  TransposeOperator,
} from '../operators/shape';
import { broadcastShapes } from './broadcast';
import { agree, type Misfit, productOf, resolveAxis, type Shape, showShape } from './valueFacts';

export function reshapedShape({ shape }: ReshapeOperator, input: Shape, misfit: Misfit): Shape {
  const kept = shape.map((size, axis) => (size === 0 ? (input[axis] ?? -1) : size));
  const open = shape.indexOf(-1);
  const [elements, known] = openCancelled(shape, input, kept);
  if (elements < 0 || known < 0) return kept;
  if (open === -1 ? elements !== known : known === 0 || elements % known !== 0) {
    throw misfit(`${elements} values`, `a number that fills ${showShape(shape)}`);
  }
  return open === -1 ? kept : kept.with(open, elements / known);
}

/** How many elements there are and how many sizes are told for, without the axes that are kept. */
function openCancelled(wanted: Shape, input: Shape, kept: Shape): readonly [number, number] {
  const isKept = (axis: number): boolean => wanted[axis] === 0;
  const elements = productOf(input.filter((_, axis) => !isKept(axis)));
  return [elements, productOf(kept.filter((size, axis) => size !== -1 && !isKept(axis)))];
}

export function transposedShape(
  { permutation }: TransposeOperator,
  input: Shape,
  misfit: Misfit,
): Shape {
  const isPermutation =
    permutation.length === input.length &&
    [...permutation].sort((a, b) => a - b).every((axis, i) => axis === i);
  if (isPermutation) return permutation.map((axis) => input[axis] ?? -1);
  throw misfit(
    `the permutation [${permutation.join(', ')}] of ${input.length} axes`,
    'each axis once',
  );
}

export function concatenatedShape(inputs: readonly Shape[], axis: number, misfit: Misfit): Shape {
  const [first = []] = inputs;
  const at = resolveAxis(axis, first.length, misfit);
  for (const shape of inputs) {
    const fits = shape.every((size, i) => i === at || agree(size, first[i] ?? -1));
    if (shape.length === first.length && fits) continue;
    throw misfit(
      `inputs of shape ${showShape(first)} and ${showShape(shape)}`,
      `shapes that agree but for axis ${axis}`,
    );
  }
  const sizes = inputs.map((shape) => shape[at] ?? -1);
  const sum = sizes.includes(-1) ? -1 : sizes.reduce((total, size) => total + size, 0);
  return first.map((size, i) => (i === at ? sum : knownSize(inputs, i, size)));
}

/** Where one input leaves a size open, another may tell it. */
function knownSize(inputs: readonly Shape[], axis: number, size: number): number {
  return inputs.map((shape) => shape[axis] ?? -1).find((other) => other >= 0) ?? size;
}

export function splitShapes(
  { axis, sizes }: SplitOperator,
  input: Shape,
  misfit: Misfit,
): readonly Shape[] {
  const at = resolveAxis(axis, input.length, misfit);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!agree(input[at] ?? -1, total)) {
    throw misfit(`an axis of ${input[at] ?? -1}`, `${total}, which the parts add up to`);
  }
  return sizes.map((size) => input.with(at, size));
}

export function slicedShape(operator: SliceOperator, input: Shape, misfit: Misfit): Shape {
  const shape = [...input];
  operator.axes.forEach((axis, i) => {
    const at = resolveAxis(axis, input.length, misfit);
    const length = input[at] ?? -1;
    const size = operator.sizes[i] ?? -1;
    const start = operator.starts[i] ?? 0;
    const last = start + Math.max(0, size - 1) * (operator.steps[i] ?? 1);
    if (length >= 0 && size > 0 && (start >= length || last >= length || last < 0)) {
      throw misfit(`elements ${start} to ${last} of an axis of ${length}`, 'elements that exist');
    }
    shape[at] = size >= 0 ? size : length < 0 ? -1 : Math.max(0, length - start);
  });
  return shape;
}

export function gatheredShape(axis: number, data: Shape, indices: Shape, misfit: Misfit): Shape {
  const at = resolveAxis(axis, data.length, misfit);
  return [...data.slice(0, at), ...indices, ...data.slice(at + 1)];
}

export function oneHotShape({ axis, depth }: OneHotOperator, input: Shape, misfit: Misfit): Shape {
  return input.toSpliced(resolveAxis(axis, input.length + 1, misfit), 0, depth);
}

export function expandedShape({ shape }: ExpandOperator, input: Shape, misfit: Misfit): Shape {
  if (shape.some((size) => size < -1)) {
    throw misfit(`the shape [${shape.join(', ')}]`, 'sizes from 0 on, and -1 to keep one');
  }
  const wanted = shape.map((size, i) =>
    size === -1 ? (input[i - (shape.length - input.length)] ?? -1) : size,
  );
  return broadcastShapes(input, wanted, 'leading', misfit);
}

export function tiledShape({ repeats }: TileOperator, input: Shape, misfit: Misfit): Shape {
  if (repeats.length !== input.length) {
    throw misfit(`${repeats.length} repeats`, `one for each of ${input.length} axes`);
  }
  return input.map((size, axis) => (size < 0 ? -1 : size * (repeats[axis] ?? 1)));
}

export function paddedShape({ sides }: PadOperator, input: Shape, misfit: Misfit): Shape {
  if (sides.length !== input.length) {
    throw misfit(`padding of ${sides.length} axes`, `of ${input.length}`);
  }
  return input.map((size, axis) => {
    const [before, after] = sides[axis] ?? [0, 0];
    if (size < 0) return -1;
    if (size + before + after < 0) throw misfit(`an axis of ${size} cropped to nothing`, 'less');
    return size + before + after;
  });
}

/** Without `axes`, or with them as 1. */
export function reducedShape(
  axes: readonly number[] | null,
  keepDims: boolean,
  input: Shape,
  misfit: Misfit,
): Shape {
  const gone = new Set(
    axes === null ? input.keys() : axes.map((axis) => resolveAxis(axis, input.length, misfit)),
  );
  return keepDims
    ? input.map((size, axis) => (gone.has(axis) ? 1 : size))
    : input.filter((_, axis) => !gone.has(axis));
}

/** Source: NumPy matmul, for operands of at least two axes. */
export function matMulShape(
  a: Shape,
  b: Shape,
  transposed: { readonly transposeA: boolean; readonly transposeB: boolean },
  misfit: Misfit,
): Shape {
  if (a.length < 2 || b.length < 2) {
    throw misfit(`operands of ${a.length} and ${b.length} axes`, 'two axes or more');
  }
  const [rows = -1, inner = -1] = transposed.transposeA ? a.slice(-2).reverse() : a.slice(-2);
  const [other = -1, columns = -1] = transposed.transposeB ? b.slice(-2).reverse() : b.slice(-2);
  if (!agree(inner, other)) {
    throw misfit(`${showShape(a)} times ${showShape(b)}`, 'inner sizes that agree');
  }
  const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2), 'leading', misfit);
  return [...batch, rows, columns];
}
