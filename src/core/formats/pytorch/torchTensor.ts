import { FormatError, type Place } from '../../errors';
import { asPickledArray, type PickledArray, shapeOf } from '../pickle/numpyArray';
import {
  argumentsOf,
  isGlobal,
  itemsOf,
  type PickleCall,
  type PickleValue,
  textOf,
} from '../pickle/pickleValue';
import { parseStorageReference, type StorageReference } from './storageReference';
import { type TorchDType, torchDTypeOf } from './torchDTypes';

/** A strided tensor over a storage, as the pickle describes it; nothing is checked against the storage yet. */
export interface StridedTensor {
  readonly kind: 'strided';
  readonly storage: StorageReference;
  /** In elements. */
  readonly storageOffset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly type: TorchDType;
  readonly quantizer: Quantizer | null;
}

/** Codes of a quantised tensor: one scale, or one for each index along an axis, in tensors of their own. */
export type Quantizer =
  | { readonly kind: 'tensor'; readonly scale: number; readonly zeroPoint: number }
  | {
      readonly kind: 'channel';
      readonly scales: StridedTensor;
      readonly zeroPoints: StridedTensor;
      readonly axis: number;
    };

/** Coordinates and values of a sparse tensor. */
export interface SparseTensor {
  readonly kind: 'sparse';
  readonly indices: StridedTensor;
  readonly values: StridedTensor;
  readonly shape: readonly number[];
}

/** A tensor without bytes in the file (meta device, wrapper subclasses), or in a layout that is not read. */
export interface UnreadTensor {
  readonly kind: 'unread';
  readonly reason: string;
}

export type TorchTensor =
  | StridedTensor
  | SparseTensor
  | UnreadTensor
  | { readonly kind: 'array'; readonly array: PickledArray };

/** Parameters of parameters: real files have one level. */
const MAX_WRAPPERS = 16;

/**
 * The tensor that a call builds, by the exact names of PyTorch's rebuild functions; null for other calls.
 * @throws FormatError when the function is PyTorch's, but its arguments are not.
 * Source: torch/_utils.py and torch/_tensor.py (`_reduce_ex_internal`) of PyTorch 2.13.
 */
export function asTorchTensor(call: PickleCall, where: Place): TorchTensor | null {
  let current: Rebuild | null = rebuildOf(call.callee, argumentsOf(call));
  for (let depth = 0; current !== null; depth++) {
    if (depth >= MAX_WRAPPERS) throw wrong(where, 'wrappers within wrappers', `${MAX_WRAPPERS}`);
    const inner = unwrap(current);
    if (inner === null) return parseRebuild(current, where);
    current = inner;
  }
  return asArray(call, where);
}

function asArray(call: PickleCall, where: Place): TorchTensor | null {
  const array = asPickledArray(call, where);
  return array === null ? null : { kind: 'array', array };
}

interface Rebuild {
  readonly name: string;
  readonly args: readonly PickleValue[];
}

function rebuildOf(callee: PickleValue, args: readonly PickleValue[]): Rebuild | null {
  if (typeof callee !== 'object' || callee?.kind !== 'global') return null;
  const { module, name } = callee;
  const isRebuild = name.startsWith('_rebuild_') && !name.includes('.');
  return isRebuild && (module === 'torch._utils' || module === 'torch._tensor')
    ? { name, args }
    : null;
}

/** A parameter is its data, a subclass what its function makes of its arguments. */
function unwrap({ name, args }: Rebuild): Rebuild | null {
  const [first, , third] = args;
  if (
    ['_rebuild_parameter', '_rebuild_parameter_with_state', '_rebuild_nested_tensor'].includes(name)
  ) {
    return typeof first === 'object' && first?.kind === 'call'
      ? rebuildOf(first.callee, argumentsOf(first))
      : null;
  }
  if (name === '_rebuild_from_type' || name === '_rebuild_from_type_v2') {
    return first === undefined ? null : rebuildOf(first, itemsOf(third) ?? []);
  }
  return null;
}

function parseRebuild({ name, args }: Rebuild, where: Place): TorchTensor | null {
  switch (name) {
    case '_rebuild_tensor':
    case '_rebuild_tensor_v2':
      return parseStrided(args, { where, type: null });
    case '_rebuild_tensor_v3':
      return parseStrided(args, { where, type: torchDTypeOf(args[6]) ?? unknownType(where) });
    case '_rebuild_qtensor':
      return {
        ...parseStrided(args, { where, type: null }),
        quantizer: parseQuantizer(args[4], where),
      };
    case '_rebuild_sparse_tensor':
    case '_rebuild_sparse_csr_tensor':
      return parseSparse(args, where);
    case '_rebuild_device_tensor_from_numpy':
    case '_rebuild_device_tensor_from_cpu_tensor':
      return parseWrappedArray(args[0], where);
    case '_rebuild_meta_tensor_no_storage':
    case '_rebuild_wrapper_subclass':
      return { kind: 'unread', reason: 'it has no bytes in the file' };
    case '_rebuild_parameter':
    case '_rebuild_parameter_with_state':
    case '_rebuild_nested_tensor':
    case '_rebuild_from_type':
    case '_rebuild_from_type_v2':
      throw wrong(where, `${name} of something else`, 'a tensor');
    default:
      return null;
  }
}

function parseWrappedArray(value: PickleValue | undefined, where: Place): TorchTensor | null {
  if (typeof value !== 'object' || value?.kind !== 'call') return null;
  const rebuild = rebuildOf(value.callee, argumentsOf(value));
  return rebuild === null
    ? asArray(value, where)
    : parseStrided(rebuild.args, { where, type: null });
}

function parseStrided(
  args: readonly PickleValue[],
  { where, type }: { readonly where: Place; readonly type: TorchDType | null },
): StridedTensor {
  const [storageValue, offset, size, stride] = args;
  const storage = parseStorageReference(storageValue, where);
  const shape = shapeOf(size, where);
  const strides = shapeOf(stride, where);
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) {
    throw wrong(where, 'a storage offset that is none', 'a whole number from 0');
  }
  if (strides.length !== shape.length) {
    throw wrong(where, `${strides.length} strides`, `${shape.length}, one for each axis`);
  }
  return {
    kind: 'strided',
    storage,
    storageOffset: offset,
    shape,
    strides,
    type: type ?? storage.type,
    quantizer: null,
  };
}

/** (scheme, scale, zero point), or (scheme, scales, zero points, axis). */
function parseQuantizer(value: PickleValue | undefined, where: Place): Quantizer | null {
  const [scheme, scale, zeroPoint, axis] = itemsOf(value) ?? [];
  if (isGlobal(scheme, 'torch', 'per_tensor_affine')) {
    if (typeof scale === 'number' && typeof zeroPoint === 'number') {
      return { kind: 'tensor', scale, zeroPoint };
    }
    throw wrong(where, 'a quantizer without scale and zero point', 'two numbers');
  }
  const scales = stridedOf(scale, where);
  const zeroPoints = stridedOf(zeroPoint, where);
  if (scales === null || zeroPoints === null || typeof axis !== 'number') return null;
  return { kind: 'channel', scales, zeroPoints, axis };
}

/** (layout, (indices, values, size, …)); only coordinates are read, no compressed rows. */
function parseSparse(args: readonly PickleValue[], where: Place): SparseTensor | UnreadTensor {
  const layout = layoutName(args[0]);
  if (layout !== 'torch.sparse_coo') {
    return { kind: 'unread', reason: `its layout ${layout ?? ''} is not read` };
  }
  const [indexValue, valueValue, size] = itemsOf(args[1]) ?? [];
  const indices = stridedOf(indexValue, where);
  const values = stridedOf(valueValue, where);
  if (indices === null || values === null) {
    throw wrong(where, 'a sparse tensor without indices and values', 'two tensors');
  }
  return { kind: 'sparse', indices, values, shape: shapeOf(size, where) };
}

function layoutName(value: PickleValue | undefined): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if (value.kind === 'global') return `${value.module}.${value.name}`;
  return value.kind === 'call' ? textOf(argumentsOf(value)[0]) : null;
}

function stridedOf(value: PickleValue | undefined, where: Place): StridedTensor | null {
  if (typeof value !== 'object' || value?.kind !== 'call') return null;
  const rebuild = rebuildOf(value.callee, argumentsOf(value));
  const isStrided = rebuild?.name === '_rebuild_tensor' || rebuild?.name === '_rebuild_tensor_v2';
  return rebuild !== null && isStrided ? parseStrided(rebuild.args, { where, type: null }) : null;
}

function unknownType(where: Place): never {
  throw wrong(where, 'an element type that is not known', 'a type of PyTorch, e.g. torch.float32');
}

function wrong(where: Place, found: string, allowed: string): FormatError {
  return new FormatError({ ...where, found, allowed });
}
