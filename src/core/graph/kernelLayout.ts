import type { LayerOperator, TensorEntry } from '../model/model';
import type { TensorNameParts } from './tensorNames';

/** Whether a kernel's outputs lie along its last axis (NumPy, Keras) or its first (PyTorch). */
export type KernelLayout = 'in-out' | 'out-in';

export interface KernelAndBias {
  readonly weight: TensorEntry;
  readonly bias: TensorEntry | null;
}

/**
 * The layout in which the file's kernels fit together best: a vote by each bias that fits one side only,
 * and by each two matrices that follow one another. PyTorch's where the votes are even.
 */
export function voteLayout(kernels: readonly KernelAndBias[]): KernelLayout {
  let inOut = 0;
  let outIn = 0;
  kernels.forEach(({ weight, bias }, i) => {
    const own = layoutByBias(weight, bias);
    if (own === 'in-out') inOut++;
    if (own === 'out-in') outIn++;
    const next = kernels[i + 1]?.weight;
    if (weight.shape.length !== 2 || next?.shape.length !== 2) return;
    if (weight.shape[1] === next.shape[0]) inOut++;
    if (weight.shape[0] === next.shape[1]) outIn++;
  });
  return inOut > outIn ? 'in-out' : 'out-in';
}

/** The side that the bias's length fits; null where it fits both or none. */
function layoutByBias(weight: TensorEntry, bias: TensorEntry | null): KernelLayout | null {
  const length = bias?.shape.length === 1 ? bias.shape[0] : undefined;
  if (length === undefined) return null;
  const first = weight.shape[0] === length;
  const last = weight.shape.at(-1) === length;
  if (first === last) return null;
  return first ? 'out-in' : 'in-out';
}

/** Everything that tells where a kernel's units lie. */
export interface UnitAxisClues extends KernelAndBias {
  readonly parts: Pick<TensorNameParts, 'layout'>;
  readonly operator: LayerOperator;
  /** Of the file as a whole. */
  readonly layout: KernelLayout;
}

/** The axis of a kernel that counts its output units; null where no one axis does. */
export function unitAxisOf({
  weight,
  bias,
  parts,
  operator,
  layout,
}: UnitAxisClues): number | null {
  const rank = weight.shape.length;
  if (rank < 2) return null;
  if (operator === 'embedding') return 1;
  if (operator === 'depthwiseConv2d') return weight.shape[3] === 1 ? 2 : null;
  if (fitsTransposedConvolution(weight, bias)) return 1;
  const chosen =
    layoutByBias(weight, bias) ?? parts.layout ?? layoutByWindow(weight.shape) ?? layout;
  return chosen === 'in-out' ? rank - 1 : 0;
}

/** Windows of convolutions are hardly ever wider than this, channels hardly ever fewer. */
const LARGEST_WINDOW = 11;

/**
 * A convolution's window is the small end of its kernel: first in Keras (window, in, out), last in
 * PyTorch (out, in, window); null where both ends are small, or neither.
 */
function layoutByWindow(shape: readonly number[]): KernelLayout | null {
  if (shape.length < 3) return null;
  const isSmall = (size: number): boolean => size <= LARGEST_WINDOW;
  const first = shape.slice(0, -2).every(isSmall);
  const last = shape.slice(2).every(isSmall);
  if (first === last) return null;
  return first ? 'in-out' : 'out-in';
}

/** PyTorch keeps transposed convolutions as [in, out, height, width]: only the bias shows it. */
function fitsTransposedConvolution(weight: TensorEntry, bias: TensorEntry | null): boolean {
  const length = bias?.shape[0];
  if (length === undefined || weight.shape.length < 3) return false;
  return weight.shape[0] !== length && weight.shape.at(-1) !== length && weight.shape[1] === length;
}
