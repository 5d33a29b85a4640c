import type { TensorEntry } from '../../model/model';
import type { OnnxNode } from './messages';

/** How integer codes become real values: by tensors that are read later. */
export interface CodeScale {
  readonly scale: TensorEntry | null;
  readonly zeroPoint: TensorEntry | null;
  /** The tensor's own axis that scales of more than one element lie along; null where unknown. */
  readonly axis: number | null;
}

/** A value of the graph that is a stored tensor, perhaps turned round or dequantised on the way. */
export interface Constant {
  readonly tensor: TensorEntry;
  /** For each axis of the value the tensor's axis that it is; null where a reshape has mixed them. */
  readonly axes: readonly number[] | null;
  /** Set where integer codes were dequantised on the way. */
  readonly codes: CodeScale | null;
}

/** The names that a graph knows, with those of the graphs around it. */
export class Scope {
  private readonly constants = new Map<string, Constant>();

  constructor(private readonly outer: Scope | null) {}

  set(name: string, constant: Constant): void {
    if (name !== '') this.constants.set(name, constant);
  }

  find(name: string | undefined): Constant | undefined {
    if (name === undefined || name === '') return undefined;
    return this.constants.get(name) ?? this.outer?.find(name);
  }
}

/** A tensor as it is stored. */
export function storedConstant(tensor: TensorEntry): Constant {
  return { tensor, axes: tensor.shape.map((_, axis) => axis), codes: null };
}

/** Operators that pass a value on with its axes as they are. */
const UNCHANGED: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'CastLike',
  'Dropout',
  'QuantizeLinear',
]);

/** Operators after which axes are no longer those of the tensor. */
const RESHAPING: ReadonlySet<string> = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/** What a node makes of a constant, where that still is the constant; null otherwise. */
export function passConstant(node: OnnxNode, scope: Scope): Constant | null {
  const input = scope.find(node.inputs[0]);
  if (input === undefined) return null;
  if (UNCHANGED.has(node.opType)) return input;
  if (RESHAPING.has(node.opType)) return { ...input, axes: null };
  if (node.opType === 'Transpose') return transposed(input, node);
  return node.opType === 'DequantizeLinear' ? dequantized(input, node, scope) : null;
}

function transposed(input: Constant, node: OnnxNode): Constant {
  const { axes } = input;
  if (axes === null) return input;
  const given = node.attributes.get('perm')?.ints ?? [];
  const order = given.length === 0 ? axes.map((_, i) => axes.length - 1 - i) : given;
  const turned = order.map((axis) => axes[axis]);
  const complete =
    turned.every((axis) => axis !== undefined) && new Set(turned).size === axes.length;
  return { ...input, axes: complete ? turned : null };
}

function dequantized(input: Constant, node: OnnxNode, scope: Scope): Constant {
  const blocks = node.attributes.get('block_size')?.int ?? 0;
  const scale = blocks === 0 ? (scope.find(node.inputs[1])?.tensor ?? null) : null;
  const codes: CodeScale = {
    scale,
    zeroPoint: scope.find(node.inputs[2])?.tensor ?? null,
    axis: ownAxis(input, node.attributes.get('axis')?.int ?? 1),
  };
  // Float weights that are quantised and dequantised again in the graph stay float weights.
  const isInteger = /^u?int/.test(input.tensor.dtype);
  return isInteger ? { ...input, codes } : input;
}

/** The tensor's axis that an axis of the value is; null where it is not known. */
export function ownAxis({ axes }: Constant, axis: number): number | null {
  if (axes === null) return null;
  return axes[axis < 0 ? axis + axes.length : axis] ?? null;
}
