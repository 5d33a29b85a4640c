import type { DataFormat, ElementType } from '../graph';
import type { Sides } from './linear';

/**
 * Everything after the batch into one axis, channels last: with `channelsFirst` the channels (axis 1)
 * are moved to the end before, as Keras does. `channelsLast` leaves the order as it is.
 */
export interface FlattenOperator {
  readonly kind: 'flatten';
  readonly dataFormat: DataFormat;
}

/**
 * The whole shape, with the batch: 0 keeps the input's size of that axis, and one entry may be -1, which is
 * what is left. Squeezing and unsqueezing are reshapes. Input: x.
 */
export interface ReshapeOperator {
  readonly kind: 'reshape';
  readonly shape: readonly number[];
}

/** Axis i of the output is axis `permutation[i]` of the input. Input: x. */
export interface TransposeOperator {
  readonly kind: 'transpose';
  readonly permutation: readonly number[];
}

/** Inputs one after the other along an axis, which may be negative. */
export interface ConcatenateOperator {
  readonly kind: 'concatenate';
  readonly axis: number;
}

/** Cut along an axis into parts of the given sizes, an output each. Input: x. */
export interface SplitOperator {
  readonly kind: 'split';
  readonly axis: number;
  readonly sizes: readonly number[];
}

/** Along each of `axes`, `sizes[i]` elements from `starts[i]` on in steps of `steps[i]`, which may be negative. Input: x. */
export interface SliceOperator {
  readonly kind: 'slice';
  /** Not negative. */
  readonly axes: readonly number[];
  /** Not negative; with a negative step the first element taken. */
  readonly starts: readonly number[];
  /** Of the output; -1: to the end of an axis whose size is open, where start is given and the step is 1. */
  readonly sizes: readonly number[];
  readonly steps: readonly number[];
}

/** Slices of x along an axis by index; indices may be of any rank. Inputs: x, indices (int32, not negative or counted from the end). */
export interface GatherOperator {
  readonly kind: 'gather';
  readonly axis: number;
}

/** One element of x for each index, at the index's place but for `axis`. Inputs: x, indices of the same rank. */
export interface GatherElementsOperator {
  readonly kind: 'gatherElements';
  readonly axis: number;
}

/**
 * `on` at the index and `off` elsewhere, along a new axis, as float32. An index below 0, or of `depth` or more, has
 * no `on`. Input: indices.
 */
export interface OneHotOperator {
  readonly kind: 'oneHot';
  readonly depth: number;
  /** Of the output. */
  readonly axis: number;
  readonly on: number;
  readonly off: number;
}

/** Broadcast to a shape as in NumPy; -1 keeps the input's size. Input: x. */
export interface ExpandOperator {
  readonly kind: 'expand';
  readonly shape: readonly number[];
}

/** The input again and again along each axis. Input: x. */
export interface TileOperator {
  readonly kind: 'tile';
  readonly repeats: readonly number[];
}

/** One entry of `sides` for each axis; negative ones crop, before anything is added. Input: x. */
export interface PadOperator {
  readonly kind: 'pad';
  readonly mode: 'constant' | 'edge' | 'reflect' | 'wrap';
  readonly sides: readonly Sides[];
  /** Of `constant`. */
  readonly value: number;
}

/** The same order of elements the other way round along axes. Input: x. */
export interface ReverseOperator {
  readonly kind: 'reverse';
  readonly axes: readonly number[];
}

/** An array of one value. No inputs. */
export interface FillOperator {
  readonly kind: 'fill';
  readonly shape: readonly number[];
  readonly value: number;
  readonly type: ElementType;
}

/** Spatial axes to another size. Input: x [batch, channels and one or two spatial axes]. */
export interface ResizeOperator {
  readonly kind: 'resize';
  readonly mode: 'nearest' | 'linear' | 'cubic';
  /** Of the spatial axes of the output. */
  readonly size: readonly number[];
  /** Output size over input size as the file says it; null: the quotient of the sizes. Matters for coordinates. */
  readonly scales: readonly number[] | null;
  /** Where an output element lies in the input. Source: ONNX Resize, coordinate_transformation_mode. */
  readonly coordinates:
    'halfPixel' | 'asymmetric' | 'alignCorners' | 'pytorchHalfPixel' | 'halfPixelSymmetric';
  /** Of `nearest`, how halves go. */
  readonly rounding: 'roundPreferFloor' | 'roundPreferCeil' | 'floor' | 'ceil';
  /** Of `cubic`. */
  readonly cubicCoefficient: number;
  readonly dataFormat: DataFormat;
}

/** Blocks of channels into space; `depthFirst` is ONNX's DCR and TensorFlow's order, `columnFirst` CRD, as pixel shuffle. Input: x. */
export interface DepthToSpaceOperator {
  readonly kind: 'depthToSpace';
  readonly blockSize: number;
  readonly order: 'depthFirst' | 'columnFirst';
  readonly dataFormat: DataFormat;
}

/** The inverse of `depthFirst`. Input: x. */
export interface SpaceToDepthOperator {
  readonly kind: 'spaceToDepth';
  readonly blockSize: number;
  readonly dataFormat: DataFormat;
}
