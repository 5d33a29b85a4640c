import { type CodeArray, realValues } from '../kernels/codeKernels';
import { type SmallType, smallTypeValues, unpackCodes } from '../kernels/smallTypes';
import { decodeBfloat16, decodeFloat16 } from '../kernels/halfFloat';
import { dequantize, lookUp, widen } from '../kernels/lookUp';
import { swapBytesInPlace } from '../kernels/swapBytes';
import { bytesPerElement, type DType } from './dtype';
import { unitMapOf } from './elementOrder';
import { storedDTypeOf, type TensorEntry } from './model';

/** Decoded elements: float32 where that is exact, float64 otherwise. */
export type Values = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Reusable target of {@link decodeValues}, so that a stream allocates once. */
export interface DecodeScratch {
  readonly float32: (length: number) => Float32Array<ArrayBuffer>;
  readonly float64: (length: number) => Float64Array<ArrayBuffer>;
  readonly int32: (length: number) => Int32Array<ArrayBuffer>;
}

/** A scratch that grows to the largest chunk asked for. */
export function makeDecodeScratch(): DecodeScratch {
  let float32 = new Float32Array(0);
  let float64 = new Float64Array(0);
  let int32 = new Int32Array(0);
  return {
    float32(length) {
      if (float32.length < length) float32 = new Float32Array(length);
      return float32.subarray(0, length);
    },
    float64(length) {
      if (float64.length < length) float64 = new Float64Array(length);
      return float64.subarray(0, length);
    },
    int32(length) {
      if (int32.length < length) int32 = new Int32Array(length);
      return int32.subarray(0, length);
    },
  };
}

/** Whether the elements of this type have one real value each, so that statistics make sense. */
export function isNumeric(dtype: DType): boolean {
  return dtype !== 'string' && dtype !== 'complex64' && dtype !== 'complex128';
}

/**
 * The values of whole stored elements. float32 and float64 are views of `bytes`; everything else is
 * decoded into `scratch`. Big-endian elements are swapped in place first.
 * @param bytes at an offset that is a multiple of 8, so that views are aligned
 * @param elementCount to be given where packed elements may not fill the last byte
 */
export function decodeValues(
  tensor: TensorEntry,
  bytes: Uint8Array<ArrayBuffer>,
  scratch: DecodeScratch,
  elementCount?: number,
): Values {
  if (!tensor.littleEndian) swapBytesInPlace(bytes, tensor.storedElementBytes);
  const count = elementCount ?? bytes.length / tensor.storedElementBytes;
  if (tensor.quantization !== undefined) return decodeQuantized(tensor, bytes, scratch);
  return decodePlain(tensor.dtype, { bytes, count }, scratch);
}

/**
 * As {@link decodeValues}, but with the real values of integer codes that have a scale: what weights
 * are ranked by. Whole elements only.
 * @param firstElement the storage index of the first one
 */
export function decodeScores(
  tensor: TensorEntry,
  bytes: Uint8Array<ArrayBuffer>,
  scratch: DecodeScratch,
  firstElement: number,
): Values {
  if (tensor.affine === undefined) return decodeValues(tensor, bytes, scratch);
  if (!tensor.littleEndian) swapBytesInPlace(bytes, tensor.storedElementBytes);
  const stored = codesOf(tensor, bytes);
  // One array type for all codes: a loop that sees several is many times slower in V8.
  const codes = scratch.int32(stored.length);
  codes.set(stored);
  const { scales, zeroPoints, axis } = tensor.affine;
  const { inner } = axis === null ? { inner: 1 } : unitMapOf(tensor, axis);
  const affine = {
    scales: Float64Array.from(scales),
    zeroPoints: Float64Array.from(zeroPoints),
  };
  const target = scratch.float64(codes.length);
  realValues(codes, affine, { firstElement, inner }, target);
  return target;
}

/** The integer codes of whole stored elements, as a view of `bytes`. Codes wider than 32 bits are not supported. */
export function codesOf(tensor: TensorEntry, bytes: Uint8Array<ArrayBuffer>): CodeArray {
  const stored = storedDTypeOf(tensor);
  const count = bytes.length / tensor.storedElementBytes;
  if (!isCodeDType(stored)) throw new Error(`${stored} elements are no codes that are pruned`);
  return integerView(stored, { bytes, count });
}

/** Whether the scores of a tensor need more digits than a float32 has. */
export function needsFloat64Scores(tensor: TensorEntry): boolean {
  return tensor.affine !== undefined || storedDTypeOf(tensor) === 'float64';
}

interface Elements {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: number;
}

function decodePlain(dtype: DType, elements: Elements, scratch: DecodeScratch): Values {
  const { bytes, count } = elements;
  const { buffer, byteOffset } = bytes;
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, count);
    case 'float64':
      return new Float64Array(buffer, byteOffset, count);
    case 'float16': {
      const target = scratch.float32(count);
      decodeFloat16(new Uint16Array(buffer, byteOffset, count), target);
      return target;
    }
    case 'bfloat16': {
      const target = scratch.float32(count);
      decodeBfloat16(new Uint16Array(buffer, byteOffset, count), target);
      return target;
    }
    case 'float8_e4m3fn':
    case 'float8_e4m3fnuz':
    case 'float8_e5m2':
    case 'float8_e5m2fnuz':
    case 'float8_e8m0fnu':
    case 'float6_e2m3fn':
    case 'float6_e3m2fn':
    case 'float4_e2m1fn':
    case 'int4':
    case 'int2':
    case 'uint4':
    case 'uint2': {
      const target = scratch.float32(count);
      const bits = bytesPerElement(dtype) * 8;
      lookUp(bits === 8 ? bytes : unpacked(elements, bits), smallTypeValues(dtype), target);
      return target;
    }
    case 'int64':
    case 'int32':
    case 'int16':
    case 'int8':
    case 'uint64':
    case 'uint32':
    case 'uint16':
    case 'uint8':
    case 'bool':
    case 'complex64':
    case 'complex128':
    case 'string': {
      const target = scratch.float64(count);
      widen(integerView(dtype, elements), target);
      return target;
    }
  }
}

function unpacked({ bytes, count }: Elements, bits: number): Uint8Array {
  const codes = new Uint8Array(count);
  unpackCodes(bytes, bits, codes);
  return codes;
}

const CODE_DTYPES = ['int8', 'uint8', 'int16', 'uint16', 'int32'] as const;
type CodeDType = (typeof CODE_DTYPES)[number];

function isCodeDType(dtype: DType): dtype is CodeDType {
  return CODE_DTYPES.some((one) => one === dtype);
}

type IntegerDType = Exclude<DType, 'float64' | 'float32' | 'float16' | 'bfloat16' | SmallType>;

function integerView(dtype: CodeDType, elements: Elements): CodeArray;
function integerView(
  dtype: IntegerDType,
  elements: Elements,
): ArrayLike<number> | BigInt64Array | BigUint64Array;
function integerView(
  dtype: IntegerDType,
  { bytes, count }: Elements,
): ArrayLike<number> | BigInt64Array | BigUint64Array {
  const { buffer, byteOffset } = bytes;
  switch (dtype) {
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, count);
    case 'uint64':
      return new BigUint64Array(buffer, byteOffset, count);
    case 'int32':
      return new Int32Array(buffer, byteOffset, count);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'int16':
      return new Int16Array(buffer, byteOffset, count);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, count);
    case 'int8':
      return new Int8Array(buffer, byteOffset, count);
    case 'uint8':
    case 'bool':
      return bytes;
    case 'complex64':
    case 'complex128':
    case 'string':
      throw new Error(`${dtype} elements have no single real value`);
  }
}

function decodeQuantized(
  tensor: TensorEntry,
  bytes: Uint8Array<ArrayBuffer>,
  scratch: DecodeScratch,
): Values {
  const count = bytes.length / tensor.storedElementBytes;
  const stored = storedDTypeOf(tensor);
  if (stored === 'float16') return decodePlain('float16', { bytes, count }, scratch);
  const target = scratch.float32(count);
  const codes = stored === 'uint8' ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  dequantize(codes, tensor.quantization ?? { scale: 1, min: 0 }, target);
  return target;
}
