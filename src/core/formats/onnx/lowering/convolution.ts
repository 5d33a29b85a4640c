import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { Sides } from '../../../graph/operators/linear';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { givenSides, perAxis, windowsOf } from './windows';

/** A convolution of the node's attributes. */
export function convolve(
  node: NodeContext,
  x: LoweredValue,
  kernel: LoweredValue,
  bias: LoweredValue | null,
): LoweredValue {
  const windows = windowsOf(node, node.shape(kernel).length - 2);
  const groups = node.int('group', 1);
  const operator = { kind: 'convolution', kernelLayout: 'out-in-spatial', groups } as const;
  return node.emit({ ...operator, ...windows }, x, kernel, bias);
}

const convTranspose: LowerNode = (node) => {
  const [x, kernel] = [node.input(0), node.input(1)];
  const window = node.shape(kernel).slice(2);
  const windows = windowsOf(node, window.length);
  const { sides, outputPadding } = transposedPadding(node, window, windows.strides);
  return node.emit(
    {
      kind: 'transposedConvolution',
      kernelLayout: 'in-out-spatial',
      groups: node.int('group', 1),
      ...windows,
      padding: sides,
      outputPadding,
    },
    x,
    kernel,
    node.optional(2),
  );
};

/** What is cut off around the full result, and what is added after it. */
interface TransposedPadding {
  readonly sides: readonly Sides[];
  readonly outputPadding: readonly number[];
}

/** Source: ONNX ConvTranspose; with an output shape, or padding `SAME`, the sides follow from it. */
function transposedPadding(
  node: NodeContext,
  window: readonly number[],
  strides: readonly number[],
): TransposedPadding {
  const rank = window.length;
  const given = node.ints('output_padding') ?? [];
  const outputPadding = window.map((_, i) => given[i] ?? 0);
  const mode = node.text('auto_pad', 'NOTSET');
  const wanted = (node.ints('output_shape') ?? []).slice(-rank);
  if (wanted.length === 0 && !mode.startsWith('SAME')) {
    const sides = mode === 'VALID' ? window.map((): Sides => [0, 0]) : givenSides(node, rank);
    return { sides, outputPadding };
  }
  const dilations = perAxis(node, 'dilations', rank);
  const size = node.shape(node.input(0)).slice(2);
  const totals = window.map((length, i) => {
    const [stride = 1, input = -1] = [strides[i], size[i]];
    if (input < 0 && wanted.length > 0) {
      throw node.unsupported('output_shape for an image of open size', 'sizes that are given');
    }
    const extent = (length - 1) * (dilations[i] ?? 1) + 1 + (outputPadding[i] ?? 0);
    const output = wanted[i] ?? input * stride;
    return stride * (input - 1) + extent - output;
  });
  return {
    sides: totals.map((total) => splitTotal(Math.max(0, total), mode === 'SAME_UPPER')),
    outputPadding: outputPadding.map((added, i) => added + Math.max(0, -(totals[i] ?? 0))),
  };
}

/** The odd element after (`SAME_UPPER`), or before. */
function splitTotal(total: number, isUpper: boolean): Sides {
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  return isUpper ? [less, more] : [more, less];
}

/** Source: Operators.md of ONNX 1.23. */
export const CONVOLUTION: LoweringTable = {
  Conv: (node) => convolve(node, node.input(0), node.input(1), node.optional(2)),
  ConvTranspose: convTranspose,
};
