import type { DataFormat } from '../../core/graph/graph';
import type { ActivationFunction } from '../../core/graph/operators/activation';
import type { Alignment } from '../../core/graph/operators/elementwise';
import type { Operator } from '../../core/graph/operators/operator';
import type { ReduceOperator } from '../../core/graph/operators/reduction';
import type { TransposeOperator } from '../../core/graph/operators/shape';
import { withRank } from '../../core/graph/shapes/broadcast';
import { type AxisOrder, channelsLastOrder, inverseOrder, sameOrder } from './axisOrder';

/** What is known of an input of a node: its shape in the graph, and the order in which it is held (null: that). */
export interface ImageInput {
  readonly shape: readonly number[];
  readonly order: AxisOrder | null;
}

/** The order that an input is wanted in, after it got the axes of `shape` (null: it has all). */
interface InputWish {
  readonly shape: readonly number[] | null;
  readonly order: AxisOrder | null;
}

/** A node that works on images with channels last. */
export interface ImageStep {
  readonly operator: Operator;
  /** By input; null: as the graph has it. */
  readonly inputs: readonly (InputWish | null)[];
  /** Of all outputs; null: as the graph has them. */
  readonly outputOrder: AxisOrder | null;
}

type Inputs = readonly (ImageInput | null)[];

/**
 * How an operator works on images with channels last; null where it is to work in the graph's order.
 * @param isLast it makes an output of the graph, which is wanted in the graph's order
 */
export function imageStep(operator: Operator, inputs: Inputs, isLast: boolean): ImageStep | null {
  const [x] = inputs;
  switch (operator.kind) {
    case 'convolution':
    case 'depthwiseConvolution':
    case 'transposedConvolution':
    case 'pool':
    case 'localResponseNormalization':
    case 'depthToSpace':
    case 'spaceToDepth':
      return isImage(x) ? inChannelsLast(operator, x) : null;
    case 'groupNormalization':
    case 'resize':
      return isTurned(x) ? inChannelsLast(operator, x) : null;
    case 'flatten':
    case 'globalPool':
      return isTurned(x) ? collapsing(operator, x) : null;
    case 'merge':
      return together(operator, inputs, operator.alignment, isLast);
    case 'compare':
    case 'logical':
    case 'select':
    case 'prelu':
      return together(operator, inputs, 'leading', isLast);
    case 'concatenate':
      return concatenation(operator, inputs);
    case 'transpose':
      return isImage(x) ? transposition(operator, x) : null;
    default:
      return isTurned(x) && !isLast ? passing(operator, x) : null;
  }
}

/** Held with channels last. */
type TurnedInput = ImageInput & { readonly order: AxisOrder };

function isTurned(x: ImageInput | null | undefined): x is TurnedInput {
  if (x?.order === null || x?.order === undefined) return false;
  return sameOrder(x.order, channelsLastOrder(x.shape.length));
}

/** Of one or two spatial axes: the engine has kernels for those. */
function isImage(x: ImageInput | null | undefined): x is ImageInput {
  return x?.shape.length === 3 || x?.shape.length === 4;
}

type ImageOperator = Extract<Operator, { readonly dataFormat: DataFormat }>;

function inChannelsLast(operator: ImageOperator, { shape }: ImageInput): ImageStep | null {
  if (operator.dataFormat === 'channelsLast') return null;
  const order = channelsLastOrder(shape.length);
  const wish = { shape: null, order };
  return {
    operator: { ...operator, dataFormat: 'channelsLast' },
    inputs: [wish],
    outputOrder: order,
  };
}

/** Without spatial axes there is one order only. */
function collapsing(
  operator: Extract<Operator, { readonly kind: 'flatten' | 'globalPool' }>,
  x: ImageInput,
): ImageStep | null {
  const step = inChannelsLast(operator, x);
  const keeps = operator.kind === 'globalPool' && operator.keepDims;
  return step === null || keeps ? step : { ...step, outputOrder: null };
}

/** Element by element, over inputs of which at least one is turned and none has more axes. */
function together(
  operator: Operator,
  inputs: Inputs,
  alignment: Alignment,
  isLast: boolean,
): ImageStep | null {
  const turned = inputs.find(isTurned);
  if (turned === undefined || isLast) return null;
  const rank = turned.shape.length;
  const order = channelsLastOrder(rank);
  const wishes = inputs.map((input): InputWish | null | undefined => {
    if (input === null) return null;
    const { shape } = input;
    if (shape.length === rank) return { shape: null, order };
    if (shape.every((size) => size === 1)) return shape.length > rank ? undefined : null;
    const whole = withRank(shape, rank, alignment);
    const isOpen = whole.some((size) => size < 0);
    return isOpen || shape.length > rank ? undefined : { shape: whole, order };
  });
  return wishes.includes(undefined)
    ? null
    : { operator, inputs: wishes.map((wish) => wish ?? null), outputOrder: order };
}

function concatenation(
  operator: Extract<Operator, { readonly kind: 'concatenate' }>,
  inputs: Inputs,
): ImageStep | null {
  const turned = inputs.find(isTurned);
  if (turned === undefined) return null;
  const order = channelsLastOrder(turned.shape.length);
  return {
    operator: { ...operator, axis: placeOf(operator.axis, order) },
    inputs: inputs.map((input) => (input === null ? null : { shape: null, order })),
    outputOrder: order,
  };
}

/**
 * A transposition of what is turned is another one, often none at all; one that moves channels from the end to
 * their place after the batch does nothing where they are held at the end.
 */
function transposition({ kind, permutation }: TransposeOperator, x: ImageInput): ImageStep | null {
  const order = channelsLastOrder(x.shape.length);
  const inputs = [{ shape: null, order: x.order }];
  if (isTurned(x)) {
    const composed = permutation.map((axis) => order.indexOf(axis));
    const operator: Operator = sameOrder(composed, null)
      ? { kind: 'identity' }
      : { kind, permutation: composed };
    return { operator, inputs, outputOrder: null };
  }
  if (!sameOrder(permutation, inverseOrder(order))) return null;
  return { operator: { kind: 'identity' }, inputs, outputOrder: order };
}

/** What works in any order of axes, as long as its axes are told by their new places. */
function passing(operator: Operator, { order }: TurnedInput): ImageStep | null {
  const moved = inOrder(operator, order);
  if (moved === null) return null;
  const keeps = moved.kind !== 'reduce' || moved.keepDims;
  return {
    operator: moved,
    inputs: [{ shape: null, order }],
    outputOrder: keeps ? order : null,
  };
}

/** Null for operators that the order matters to. */
function inOrder(operator: Operator, order: AxisOrder): Operator | null {
  const place = (axis: number): number => placeOf(axis, order);
  switch (operator.kind) {
    case 'cast':
    case 'identity':
    case 'unary':
      return operator;
    case 'activation':
      return { ...operator, function: activationInOrder(operator.function, order) };
    case 'batchNormalization':
    case 'split':
      return { ...operator, axis: place(operator.axis) };
    case 'dropout':
      return { ...operator, sharedAxes: operator.sharedAxes.map(place) };
    case 'pad':
      return { ...operator, sides: order.map((axis) => operator.sides[axis] ?? [0, 0]) };
    case 'tile':
      return { ...operator, repeats: order.map((axis) => operator.repeats[axis] ?? 1) };
    case 'slice':
    case 'reverse':
    case 'layerNormalization':
      return { ...operator, axes: operator.axes.map(place) };
    case 'reduce':
      return reductionInOrder(operator, order);
    default:
      return null;
  }
}

/** Where axes go, what is left must stand in the graph's order. */
function reductionInOrder(operator: ReduceOperator, order: AxisOrder): Operator | null {
  if (operator.axes === null) return operator.keepDims ? operator : null;
  const axes = operator.axes.map((axis) => placeOf(axis, order));
  const left = order.filter((_, place) => !axes.includes(place));
  const rises = left.every((axis, i) => i === 0 || axis > (left[i - 1] ?? 0));
  return operator.keepDims || rises ? { ...operator, axes } : null;
}

function activationInOrder(activation: ActivationFunction, order: AxisOrder): ActivationFunction {
  return 'axis' in activation
    ? { ...activation, axis: placeOf(activation.axis, order) }
    : activation;
}

/** Where an axis of the graph, which may be negative, stands in an order. */
function placeOf(axis: number, order: AxisOrder): number {
  return order.indexOf(axis < 0 ? axis + order.length : axis);
}
