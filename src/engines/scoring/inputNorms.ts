import type { ObservedValue } from '../../core/graph/executor';
import type { GraphNode } from '../../core/graph/graph';
import type { ValueUse } from '../../core/graph/graphUses';
import type { ValueShapes } from '../../core/graph/inferShapes';
import type { RecurrentOperator } from '../../core/graph/operators/recurrent';
import { productOf, type Shape } from '../../core/graph/shapes/valueFacts';
import {
  addSquaresInPlace,
  countIndicesInPlace,
  repeatSums,
} from '../../core/kernels/squareSumKernels';
import { addHiddenSquaresInPlace } from './hiddenSquares';
import { hiddenStates } from './hiddenStates';
import { type KernelPlaces, kernelPlaces, type Windowed } from './windowedKernel';
import { windowSquares } from './windowSquares';

/** How the squares of what one use of a weight reads are summed. */
export interface InputNorms {
  /** The value that is looked at. */
  readonly value: string;
  readonly sumCount: number;
  /** Adds a batch, `weight` times. */
  readonly add: (sums: Float64Array, seen: ObservedValue, weight: number) => void;
  /** The sum of each weight of the kernel as the operator reads it, in C order. */
  readonly expand: (sums: Float64Array) => Float64Array;
}

/** Null where the operator multiplies nothing with its weight, or nothing that comes from data. */
export function inputNorms(
  { node, input }: ValueUse,
  shapes: ValueShapes,
  kernel: Shape,
): InputNorms | null {
  const { operator } = node;
  const shapeOf = (index: number): Shape => shapes.get(node.inputs[index] ?? '')?.shape ?? [];
  switch (operator.kind) {
    case 'dense': {
      if (input !== 1) return null;
      const repeat = operator.kernelLayout === 'in-out' ? (kernel.at(-1) ?? 1) : 1;
      return channelNorms(node, 0, { shape: shapeOf(0), axis: -1, kernel, repeat });
    }
    case 'matMul':
      return productNorms(node, input, { shape: shapeOf(1 - input), kernel, operator });
    case 'convolution':
    case 'depthwiseConvolution':
    case 'transposedConvolution':
      return input === 1 ? imageNorms(node, operator, { shape: shapeOf(0), kernel }) : null;
    case 'recurrent':
      if (input === 1) {
        const repeat = operator.form === 'keras' ? (kernel.at(-1) ?? 1) : 1;
        return channelNorms(node, 0, { shape: shapeOf(0), axis: -1, kernel, repeat });
      }
      return input === 2 ? hiddenNorms(node, operator, { kernel, shapes }) : null;
    case 'gather':
      return input === 0 && operator.axis === 0 ? indexNorms(node, kernel) : null;
    default:
      return null;
  }
}

interface ChannelAxis {
  readonly shape: Shape;
  /** Counts the channels; from the end where negative. */
  readonly axis: number;
  readonly kernel: Shape;
  /** Weights in a row that read the same channel. */
  readonly repeat: number;
}

/** The channels of an input, which the kernel meets one after the other, `repeat` times each. */
function channelNorms(
  { inputs }: GraphNode,
  input: number,
  { shape, axis, kernel, repeat }: ChannelAxis,
): InputNorms | null {
  const value = inputs[input];
  const channels = shape.at(axis);
  if (value === null || value === undefined || channels === undefined) return null;
  const at = axis < 0 ? shape.length + axis : axis;
  return {
    value,
    sumCount: channels,
    add: (sums, { values, strides }, weight) => {
      addSquaresInPlace(sums, { values, inner: strides[at] ?? 1 }, weight);
    },
    expand: (sums) => {
      const squares = new Float64Array(productOf(kernel));
      repeatSums(squares, sums, repeat);
      return squares;
    },
  };
}

function productNorms(
  node: GraphNode,
  input: number,
  {
    shape,
    kernel,
    operator,
  }: {
    readonly shape: Shape;
    readonly kernel: Shape;
    readonly operator: { readonly transposeA: boolean; readonly transposeB: boolean };
  },
): InputNorms | null {
  // Several matrices of weights meet a part of the input each.
  if (productOf(kernel.slice(0, -2)) !== 1) return null;
  const { transposeA, transposeB } = operator;
  const isRight = input === 1;
  const summedLast = isRight ? !transposeA : transposeB;
  const kernelSumsLast = isRight ? transposeB : !transposeA;
  const repeat = kernelSumsLast ? 1 : (kernel.at(-1) ?? 1);
  return channelNorms(node, 1 - input, { shape, axis: summedLast ? -1 : -2, kernel, repeat });
}

function imageNorms(
  { inputs }: GraphNode,
  operator: Windowed,
  { shape, kernel }: { readonly shape: Shape; readonly kernel: Shape },
): InputNorms | null {
  const [value] = inputs;
  if (value === null || value === undefined) return null;
  const sample = shape.slice(1);
  const layout: { strides: readonly number[] } = { strides: [] };
  return {
    value,
    sumCount: productOf(sample),
    // Samples lie one after the other, so that places of a sample repeat.
    add: (sums, { values, strides }, weight) => {
      layout.strides = strides.slice(1);
      addSquaresInPlace(sums, { values, inner: 1 }, weight);
    },
    expand: (sums) => {
      const places = kernelPlaces(operator, kernel);
      const seen = { shape: sample, ...layout, sums };
      return atWeights(windowSquares(operator, seen, places.window), places, productOf(kernel));
    },
  };
}

/** The squares of each channel and place of the window, where the kernel has its weights. */
function atWeights(squares: Float64Array, places: KernelPlaces, count: number): Float64Array {
  const { groups, channels, outputs, window } = places;
  const taps = productOf(window);
  const found = new Float64Array(count);
  for (let group = 0; group < groups; group++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let tap = 0; tap < taps; tap++) {
        const square = squares[(group * channels + channel) * taps + tap] ?? 0;
        for (let output = 0; output < outputs; output++) {
          found[places.indexOf({ group, output, channel, tap, taps })] = square;
        }
      }
    }
  }
  return found;
}

function hiddenNorms(
  node: GraphNode,
  operator: RecurrentOperator,
  { kernel, shapes }: { readonly kernel: Shape; readonly shapes: ValueShapes },
): InputNorms | null {
  const states = hiddenStates(node, operator, shapes);
  if (states === null) return null;
  const { units, form, directions } = operator;
  const gates = form === 'keras' ? (kernel.at(-1) ?? 1) : (kernel.at(-2) ?? 1);
  return {
    value: states.value,
    sumCount: directions.length * units,
    add: (sums, seen, weight) => addHiddenSquaresInPlace(sums, seen, { states, operator, weight }),
    expand: (sums) =>
      filled(productOf(kernel), (i) =>
        form === 'keras'
          ? (sums[Math.floor(i / gates)] ?? 0)
          : (sums[Math.floor(i / (gates * units)) * units + (i % units)] ?? 0),
      ),
  };
}

/** A table is multiplied with ones where an index says so. */
function indexNorms({ inputs }: GraphNode, kernel: Shape): InputNorms | null {
  const value = inputs[1];
  if (value === null || value === undefined) return null;
  const [rows = 1] = kernel;
  const width = productOf(kernel) / rows;
  return {
    value,
    sumCount: rows,
    add: (sums, { values }, weight) => {
      countIndicesInPlace(sums, values, weight);
    },
    expand: (sums) => filled(productOf(kernel), (i) => sums[Math.floor(i / width)] ?? 0),
  };
}

function filled(length: number, valueAt: (index: number) => number): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = valueAt(i);
  return values;
}
