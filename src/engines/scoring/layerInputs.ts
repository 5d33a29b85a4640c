import type { ObservedValue } from '../../core/graph/executor';
import type { GraphNode } from '../../core/graph/graph';
import type { ValueUse } from '../../core/graph/graphUses';
import type { ValueShapes } from '../../core/graph/inferShapes';
import type { RecurrentOperator } from '../../core/graph/operators/recurrent';
import { productOf, type Shape } from '../../core/graph/shapes/valueFacts';
import type { VectorTable } from '../../core/kernels/gatherKernel';
import { hiddenStates } from './hiddenStates';
import { offsetsOf } from './placeOffsets';
import { windowInputs } from './windowInputs';

/** The vectors of a batch that one group of a layer's outputs reads. */
export interface GroupVectors {
  readonly group: number;
  readonly table: VectorTable;
  /** Vectors of zeros that are read besides, and are in no table. */
  readonly zeroVectors?: number;
}

/**
 * What one use of a weight multiplies it with: a matrix [inputs, outputs] for each group of outputs, and the vectors x
 * that these matrices meet.
 */
export interface LayerInputs {
  /** The value that is looked at. */
  readonly value: string;
  /** Uses with the same key read the same vectors. */
  readonly key: string;
  readonly groups: number;
  /** Of one group. */
  readonly inputs: number;
  /** Of one group. */
  readonly outputs: number;
  /** Where a weight stands in the kernel as the operator reads it, in C order. */
  kernelIndex(group: number, input: number, output: number): number;
  /** All vectors of a batch; each table is good only until the next is asked for. */
  vectors(seen: ObservedValue): Iterable<GroupVectors>;
}

/** Null where the operator multiplies no vectors with its weight: a table of embeddings, say. */
export function layerInputs(
  { node, input }: ValueUse,
  shapes: ValueShapes,
  kernel: Shape,
): LayerInputs | null {
  const { operator } = node;
  const shapeOf = (index: number): Shape => shapes.get(node.inputs[index] ?? '')?.shape ?? [];
  switch (operator.kind) {
    case 'dense': {
      if (input !== 1) return null;
      const outputsFirst = operator.kernelLayout === 'out-in';
      return axisInputs(node, 0, { shape: shapeOf(0), axis: -1, kernel, outputsFirst });
    }
    case 'matMul':
      return productInputs(node, input, { shape: shapeOf(1 - input), kernel, operator });
    case 'convolution':
    case 'depthwiseConvolution':
    case 'transposedConvolution':
      return input === 1 ? windowInputs(node, operator, { shape: shapeOf(0), kernel }) : null;
    case 'recurrent': {
      if (input === 2) return hiddenInputs(node, operator, { kernel, shapes });
      const outputsFirst = operator.form === 'onnx';
      return input === 1
        ? axisInputs(node, 0, { shape: shapeOf(0), axis: -1, kernel, outputsFirst })
        : null;
    }
    default:
      return null;
  }
}

interface FeatureAxis {
  readonly shape: Shape;
  /** Counts the elements of a vector; from the end where negative. */
  readonly axis: number;
  readonly kernel: Shape;
  /** The kernel is [outputs, inputs]. */
  readonly outputsFirst: boolean;
}

/** The vectors along one axis of a value, at all places of the others. */
function axisInputs(
  { inputs }: GraphNode,
  input: number,
  { shape, axis, kernel, outputsFirst }: FeatureAxis,
): LayerInputs | null {
  const value = inputs[input];
  const count = shape.at(axis);
  if (value === null || value === undefined || count === undefined || count < 1) return null;
  const outputs = productOf(kernel) / count;
  const at = axis < 0 ? shape.length + axis : axis;
  return {
    value,
    key: JSON.stringify([value, at]),
    groups: 1,
    inputs: count,
    outputs,
    kernelIndex: (_, i, output) => (outputsFirst ? output * count + i : i * outputs + output),
    *vectors({ values, strides, shape: seen }) {
      const others = seen.map((size, one) => (one === at ? 1 : size));
      const rows = offsetsOf(others, strides);
      const columns = Int32Array.from({ length: count }, (_, i) => i * (strides[at] ?? 1));
      yield { group: 0, table: { values, rows, columns } };
    },
  };
}

function productInputs(
  node: GraphNode,
  input: number,
  given: {
    readonly shape: Shape;
    readonly kernel: Shape;
    readonly operator: { readonly transposeA: boolean; readonly transposeB: boolean };
  },
): LayerInputs | null {
  const { shape, kernel, operator } = given;
  // Several matrices of weights meet a part of the input each.
  if (productOf(kernel.slice(0, -2)) !== 1) return null;
  const { transposeA, transposeB } = operator;
  const isRight = input === 1;
  const axis = (isRight ? !transposeA : transposeB) ? -1 : -2;
  const outputsFirst = isRight ? transposeB : !transposeA;
  return axisInputs(node, 1 - input, { shape, axis, kernel, outputsFirst });
}

/**
 * The hidden states that a recurrent kernel meets: what the layer gave at the step before, of each direction; where
 * the state before the first step is 0, it counts in the mean.
 */
function hiddenInputs(
  node: GraphNode,
  operator: RecurrentOperator,
  { kernel, shapes }: { readonly kernel: Shape; readonly shapes: ValueShapes },
): LayerInputs | null {
  const states = hiddenStates(node, operator, shapes);
  if (states === null) return null;
  const { form, units, directions } = operator;
  const { value, timeAxis, directionAxis, startsAtZero } = states;
  const groups = directions.length;
  const gates = productOf(kernel) / (groups * units);
  return {
    value,
    key: JSON.stringify([value, 'hidden']),
    groups,
    inputs: units,
    outputs: gates,
    kernelIndex: (group, i, output) =>
      form === 'keras' ? i * gates + output : (group * gates + output) * units + i,
    *vectors({ values, strides, shape }) {
      const steps = Math.max(0, (shape[timeAxis] ?? 1) - 1);
      const others = shape.map((size, axis) => {
        if (axis === timeAxis) return steps;
        return axis === directionAxis || axis === shape.length - 1 ? 1 : size;
      });
      const plain = offsetsOf(others, strides);
      const columns = Int32Array.from({ length: units }, (_, i) => i * (strides.at(-1) ?? 1));
      const sequences = productOf(others.filter((_, axis) => axis !== timeAxis));
      const zeroVectors = startsAtZero ? sequences : 0;
      for (const [group, { reverse }] of directions.entries()) {
        const shift =
          (directionAxis === null ? 0 : group * (strides[directionAxis] ?? 1)) +
          (reverse ? (strides[timeAxis] ?? 1) : 0);
        const rows = plain.map((row) => row + shift);
        yield { group, table: { values, rows, columns }, zeroVectors };
      }
    },
  };
}
