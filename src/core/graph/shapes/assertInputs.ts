import type { Operator } from '../operators/operator';
import type { WindowAttributes } from '../operators/linear';
import { assertRecurrentWeights } from './recurrentShapes';
import {
  type Misfit,
  productOf,
  requireSize,
  resolveAxis,
  type Shape,
  showShape,
  type ValueFacts,
} from './valueFacts';

type Known = Exclude<Operator, { readonly kind: 'opaque' }>;
type Inputs = readonly (ValueFacts | null)[];

/** Places of inputs that are not optional, where it is not the first alone. */
const REQUIRED: Readonly<Partial<Record<Known['kind'], readonly number[]>>> = {
  batchNormalization: [0, 3, 4],
  compare: [0, 1],
  convolution: [0, 1],
  dense: [0, 1],
  depthwiseConvolution: [0, 1],
  fill: [],
  gather: [0, 1],
  gatherElements: [0, 1],
  logical: [0, 1],
  matMul: [0, 1],
  prelu: [0, 1],
  recurrent: [0, 1, 2],
  select: [0, 1, 2],
  transposedConvolution: [0, 1],
};

/**
 * Checks what the shape of the output does not depend on: that needed inputs are there, that weights beside
 * the kernel are of the right size, and that attributes are in their range.
 * @throws what `misfit` makes where they are not.
 */
export function assertInputs(operator: Known, inputs: Inputs, misfit: Misfit): void {
  for (const index of REQUIRED[operator.kind] ?? [0]) {
    if ((inputs[index] ?? null) === null) throw misfit(`no input ${index}`, 'one: it is needed');
  }
  const shapes = inputs.map((input) => input?.shape ?? null);
  assertAttributes(operator, misfit);
  assertWeights(operator, shapes, misfit);
}

function assertAttributes(operator: Known, misfit: Misfit): void {
  switch (operator.kind) {
    case 'convolution':
    case 'transposedConvolution':
      assertAtLeast(1, 'groups', [operator.groups], misfit);
      assertWindow(operator, misfit);
      return;
    case 'depthwiseConvolution':
      assertWindow(operator, misfit);
      return;
    case 'pool':
      assertAtLeast(1, 'window', operator.size, misfit);
      assertWindow(operator, misfit);
      return;
    case 'localResponseNormalization':
      assertAtLeast(1, 'size', [operator.size], misfit);
      return;
    case 'depthToSpace':
    case 'spaceToDepth':
      assertAtLeast(1, 'block', [operator.blockSize], misfit);
      return;
    case 'resize':
      assertAtLeast(0, 'size', operator.size, misfit);
      return;
    case 'tile':
      assertAtLeast(0, 'repeats', operator.repeats, misfit);
      return;
    case 'oneHot':
      assertAtLeast(0, 'depth', [operator.depth], misfit);
      return;
    default:
      return;
  }
}

function assertWindow({ strides, dilations }: WindowAttributes, misfit: Misfit): void {
  assertAtLeast(1, 'strides', strides, misfit);
  assertAtLeast(1, 'dilations', dilations, misfit);
}

function assertAtLeast(
  least: number,
  what: string,
  values: readonly number[],
  misfit: Misfit,
): void {
  if (values.every((value) => Number.isInteger(value) && value >= least)) return;
  throw misfit(`${what} [${values.join(', ')}]`, `whole numbers from ${least}`);
}

function assertWeights(operator: Known, shapes: readonly (Shape | null)[], misfit: Misfit): void {
  const [x, kernel, third] = shapes;
  const input = x ?? [];
  switch (operator.kind) {
    case 'dense':
      assertRank(kernel, 2, misfit);
      assertCount(third, kernel?.[operator.kernelLayout === 'in-out' ? 1 : 0], 'biases', misfit);
      return;
    case 'convolution': {
      const outputs = kernel?.at(operator.kernelLayout === 'spatial-in-out' ? -1 : 0);
      assertDivisible(outputs, operator.groups, 'filters', misfit);
      assertCount(third, outputs, 'biases', misfit);
      return;
    }
    case 'transposedConvolution': {
      const isLast = operator.kernelLayout === 'spatial-out-in';
      assertDivisible(kernel?.at(isLast ? -1 : 0), operator.groups, 'channels', misfit);
      const own = kernel?.at(isLast ? -2 : 1) ?? -1;
      assertCount(third, own < 0 ? -1 : own * operator.groups, 'biases', misfit);
      return;
    }
    case 'depthwiseConvolution':
      assertCount(third, productOf(kernel?.slice(-2) ?? []), 'biases', misfit);
      return;
    case 'batchNormalization': {
      const channels = input[resolveAxis(operator.axis, input.length, misfit)];
      ['gamma', 'beta', 'mean', 'variance'].forEach((name, i) =>
        assertCount(shapes[i + 1], channels, `values of the ${name}`, misfit),
      );
      return;
    }
    case 'layerNormalization': {
      const sizes = operator.axes.map(
        (axis) => input[resolveAxis(axis, input.length, misfit)] ?? -1,
      );
      for (const own of shapes.slice(1)) assertCount(own, productOf(sizes), 'factors', misfit);
      return;
    }
    case 'groupNormalization': {
      const channels = operator.dataFormat === 'channelsLast' ? input.at(-1) : input[1];
      if (operator.groups !== -1) assertDivisible(channels, operator.groups, 'channels', misfit);
      for (const own of shapes.slice(1)) assertCount(own, channels, 'factors', misfit);
      return;
    }
    case 'gatherElements':
      assertRank(kernel, input.length, misfit);
      return;
    case 'topK': {
      const size = input[resolveAxis(operator.axis, input.length, misfit)] ?? -1;
      if (operator.k < 0 || (size >= 0 && operator.k > size)) {
        throw misfit(`the best ${operator.k} of ${size}`, `0 to ${size}`);
      }
      return;
    }
    case 'cumulate':
      resolveAxis(operator.axis, input.length, misfit);
      return;
    case 'recurrent':
      assertRecurrentWeights(operator, shapes, misfit);
      return;
    default:
      return;
  }
}

function assertRank(shape: Shape | null | undefined, rank: number, misfit: Misfit): void {
  if (shape?.length === rank) return;
  throw misfit(`an input of shape ${showShape(shape ?? [])}`, `one with ${rank} axes`);
}

/** Of an input that may be absent. */
function assertCount(
  shape: Shape | null | undefined,
  needed: number | undefined,
  what: string,
  misfit: Misfit,
): void {
  if (shape === null || shape === undefined || shape.length === 0) return;
  requireSize(productOf(shape), needed ?? -1, what, misfit);
}

function assertDivisible(
  count: number | undefined,
  groups: number,
  what: string,
  misfit: Misfit,
): void {
  if (count === undefined || count < 0) return;
  if (groups >= 1 && count % groups === 0) return;
  throw misfit(`${count} ${what} in ${groups} groups`, 'groups of the same size');
}
