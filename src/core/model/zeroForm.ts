import type { UnitMap } from '../report/plan';
import { isPrunableDType } from './dtype';
import { unitMapOf } from './elementOrder';
import { type AffineCodes, type LockReason, storedDTypeOf, type TensorEntry } from './model';

/** How an element of a tensor is written as exactly zero. */
export type ZeroForm =
  /** All bits zero, as in every float type. */
  | { readonly kind: 'bits' }
  /** An integer code: one for all elements, or one for each index along an axis. */
  | { readonly kind: 'codes'; readonly codes: Float64Array; readonly map: UnitMap };

const forms = new WeakMap<TensorEntry, ZeroForm | LockReason>();

/** How a tensor's elements become zero, or why they cannot. */
export function zeroFormOf(tensor: TensorEntry): ZeroForm | LockReason {
  const known = forms.get(tensor);
  if (known !== undefined) return known;
  const form = findZeroForm(tensor);
  forms.set(tensor, form);
  return form;
}

/** Why the elements of a tensor cannot be written as exactly zero in their own type; null where they can. */
export function lockReasonOfStorage(tensor: TensorEntry): LockReason | null {
  const form = zeroFormOf(tensor);
  return typeof form === 'string' ? form : null;
}

function findZeroForm(tensor: TensorEntry): ZeroForm | LockReason {
  const stored = storedDTypeOf(tensor);
  if (tensor.affine !== undefined) return affineZero(tensor, tensor.affine);
  if (isPrunableDType(stored)) return { kind: 'bits' };
  return tensor.quantization === undefined ? 'dtype' : dequantizedZero(tensor);
}

/** The smallest and the largest code of the integer types that quantised weights are stored in. */
const CODE_RANGES: Readonly<Partial<Record<string, readonly [number, number]>>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** The smallest and the largest code of an integer type that weights are pruned in. */
export function codeRangeOf(dtype: string): readonly [lowest: number, highest: number] {
  const range = CODE_RANGES[dtype];
  if (range === undefined) throw new Error(`${dtype} is no type of codes that are pruned`);
  return range;
}

function affineZero(tensor: TensorEntry, affine: AffineCodes): ZeroForm | LockReason {
  const { scales, zeroPoints, axis } = affine;
  const range = CODE_RANGES[tensor.dtype];
  if (range === undefined) return 'dtype';
  const count = axis === null ? 1 : tensor.shape[axis];
  if (scales.length !== count || zeroPoints.length !== count) return 'quantized';
  const [lowest, highest] = range;
  const representable = zeroPoints.every(
    (code) => Number.isInteger(code) && code >= lowest && code <= highest,
  );
  if (!representable || !scales.every(isScale)) return 'quantized';
  const map = axis === null ? { inner: 1, count: 1 } : unitMapOf(tensor, axis);
  return { kind: 'codes', codes: Float64Array.from(zeroPoints), map };
}

/** The code that TensorFlow.js dequantises to exactly 0: float32(code * scale + min). */
function dequantizedZero({ quantization }: TensorEntry): ZeroForm | LockReason {
  const [lowest, highest] = CODE_RANGES[quantization?.storedDType ?? ''] ?? [0, 0];
  const { scale, min } = quantization ?? { scale: 0, min: 0 };
  if (!isScale(scale)) return 'quantized';
  const code = Math.round(-min / scale);
  const exact = code >= lowest && code <= highest && Math.fround(code * scale + min) === 0;
  if (!exact) return 'quantized';
  return { kind: 'codes', codes: Float64Array.of(code), map: { inner: 1, count: 1 } };
}

function isScale(scale: number): boolean {
  return Number.isFinite(scale) && scale > 0;
}
