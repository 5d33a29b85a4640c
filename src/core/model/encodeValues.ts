import { type CodeArray, nearestCodes } from '../kernels/codeKernels';
import {
  encodeBfloat16,
  encodeFloat16,
  encodeFloat8,
  type FloatFormat,
  roundToFormat,
} from '../kernels/encodeFloatKernels';
import { type SmallType, smallTypeValues } from '../kernels/smallTypes';
import { unitMapOf } from './elementOrder';
import { storedDTypeOf, type TensorEntry } from './model';
import { codeRangeOf } from './zeroForm';

const FLOAT32: FloatFormat = {
  mantissaBits: 23,
  minExponent: -126,
  largest: (2 - 2 ** -23) * 2 ** 127,
};
const FLOAT16: FloatFormat = { mantissaBits: 10, minExponent: -14, largest: 65504 };
const BFLOAT16: FloatFormat = {
  mantissaBits: 7,
  minExponent: -126,
  largest: (2 - 2 ** -7) * 2 ** 127,
};

/** The number that stands in the file for each of some values, as an array of the stored elements. */
export type StoredArray = CodeArray;

/**
 * Real numbers as the elements of a tensor hold them, in its own type: floats rounded to the nearest, halfway to the
 * even one, and never to infinity; integer codes the nearest within their range. In the machine's byte order.
 * @param values in the order in which the elements are stored
 * @param firstElement the storage index of the first one
 * @throws Error for types whose weights are not pruned: callers do not ask for them.
 */
export function encodeValues(
  tensor: TensorEntry,
  values: Float64Array<ArrayBuffer>,
  firstElement: number,
): StoredArray {
  if (tensor.affine !== undefined) return affineCodes(tensor, values, firstElement);
  const stored = storedDTypeOf(tensor);
  switch (stored) {
    case 'float64':
      return values;
    case 'float32':
      return Float32Array.from(rounded(values, FLOAT32));
    case 'float16': {
      const bits = new Uint16Array(values.length);
      encodeFloat16(rounded(values, FLOAT16), bits);
      return bits;
    }
    case 'bfloat16': {
      const bits = new Uint16Array(values.length);
      encodeBfloat16(rounded(values, BFLOAT16), bits);
      return bits;
    }
    case 'float8_e4m3fn':
    case 'float8_e4m3fnuz':
    case 'float8_e5m2':
    case 'float8_e5m2fnuz': {
      const codes = new Uint8Array(values.length);
      encodeFloat8(values, magnitudesOf(stored), codes);
      return codes;
    }
    case 'uint8':
    case 'uint16':
      if (tensor.quantization !== undefined) return dequantizableCodes(tensor, values);
      break;
    default:
  }
  throw new Error(`weights of ${stored} are not updated in place`);
}

function rounded(values: Float64Array, format: FloatFormat): Float64Array<ArrayBuffer> {
  const target = new Float64Array(values.length);
  roundToFormat(values, format, target);
  return target;
}

const magnitudes = new Map<SmallType, Float64Array>();

/** The finite values of a small float type from code 0 up. */
function magnitudesOf(type: SmallType): Float64Array {
  const known = magnitudes.get(type);
  if (known !== undefined) return known;
  const positive = smallTypeValues(type).subarray(0, 128);
  const ends = positive.findIndex((value) => !Number.isFinite(value));
  const finite = Float64Array.from(ends < 0 ? positive : positive.subarray(0, ends));
  magnitudes.set(type, finite);
  return finite;
}

function affineCodes(
  tensor: TensorEntry,
  values: Float64Array,
  firstElement: number,
): Float64Array {
  const { scales = [], zeroPoints = [], axis = null } = tensor.affine ?? {};
  const [lowest, highest] = codeRangeOf(tensor.dtype);
  const codes = new Float64Array(values.length);
  nearestCodes(
    values,
    {
      scales: Float64Array.from(scales),
      zeroPoints: Float64Array.from(zeroPoints),
      lowest,
      highest,
    },
    { firstElement, inner: axis === null ? 1 : unitMapOf(tensor, axis).inner },
    codes,
  );
  return codes;
}

/** Codes that TensorFlow.js turns into float32(code * scale + min). */
function dequantizableCodes(tensor: TensorEntry, values: Float64Array): Float64Array {
  const { scale, min } = tensor.quantization ?? { scale: 1, min: 0 };
  const [lowest, highest] = codeRangeOf(storedDTypeOf(tensor));
  const codes = new Float64Array(values.length);
  nearestCodes(
    values.map((value) => value - min),
    { scales: Float64Array.of(scale), zeroPoints: Float64Array.of(0), lowest, highest },
    { firstElement: 0, inner: 1 },
    codes,
  );
  return codes;
}
