import { kernelAxes } from '../graph/kernelAxes';
import type { BlockPlaces } from '../kernels/blockKernels';
import type { PrunedTensor } from './prunableTensors';

/** Rows and columns of a block. */
export interface BlockSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * A weight in blocks: `rows` consecutive outputs by `columns` consecutive inputs, at each window position by
 * itself. Blocks are numbered row by row of the matrix [outputs, inputs x window positions]; those at the far
 * edges may be smaller.
 */
export interface BlockShape extends BlockSize {
  readonly count: number;
  /** By axis of the weight: what each index adds to the number of the block. */
  readonly parts: readonly Int32Array[];
  /** How many weights a block has. */
  sizeOf(block: number): number;
}

/** The blocks of a weight; null where it has no known outputs and inputs. */
export function blockShape(
  { layer, tensor }: PrunedTensor,
  { rows, columns }: BlockSize,
): BlockShape | null {
  const axes = kernelAxes(layer, tensor);
  const [output] = axes?.outputs ?? [];
  // The axes of an empty tensor may be as long as they like.
  if (axes === null || output === undefined || tensor.elementCount === 0) return null;
  const sizeAt = (axis: number | undefined): number =>
    axis === undefined ? 1 : (tensor.shape[axis] ?? 1);
  const [input] = axes.inputs;
  const [outputs, inputs] = [sizeAt(output), sizeAt(input)];
  const positions = tensor.elementCount / Math.max(1, outputs * inputs);
  const [across, down] = [Math.ceil(inputs / columns), Math.ceil(outputs / rows)];
  let positionStep = positions;
  const parts = tensor.shape.map((size, axis) => {
    if (axis === output) return steps(size, (i) => Math.floor(i / rows) * across * positions);
    if (axis === input) return steps(size, (i) => Math.floor(i / columns) * positions);
    positionStep /= size;
    const step = positionStep;
    return steps(size, (i) => i * step);
  });
  return {
    rows,
    columns,
    parts,
    count: down * across * positions,
    sizeOf(block) {
      const column = Math.floor(block / positions) % across;
      const row = Math.floor(block / (positions * across));
      const height = Math.min(rows, outputs - row * rows);
      return height * Math.min(columns, inputs - column * columns);
    },
  };
}

function steps(size: number, stepOf: (index: number) => number): Int32Array {
  return Int32Array.from({ length: size }, (_, index) => stepOf(index));
}

/** Where elements lie among the blocks when they come in this order of axes, slowest first; null: C order. */
export function blockPlaces(
  { parts }: BlockShape,
  storageOrder: readonly number[] | null,
): BlockPlaces {
  const ordered = (storageOrder ?? parts.map((_, axis) => axis)).map(
    (axis) => parts[axis] ?? new Int32Array(1),
  );
  return { outer: ordered.slice(0, -1), fastest: ordered.at(-1) ?? new Int32Array(1) };
}
