/** Element types by the names of the command-line contract. */
export type DType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float8_e4m3fn'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu'
  | 'float6_e2m3fn'
  | 'float6_e3m2fn'
  | 'float4_e2m1fn'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'int4'
  | 'int2'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'uint4'
  | 'uint2'
  | 'bool'
  | 'complex64'
  | 'complex128'
  | 'string';

const BYTES_PER_ELEMENT: Readonly<Record<Exclude<DType, 'string'>, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float8_e4m3fn: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2: 1,
  float8_e5m2fnuz: 1,
  float8_e8m0fnu: 1,
  float6_e2m3fn: 0.75,
  float6_e3m2fn: 0.75,
  float4_e2m1fn: 0.5,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  int4: 0.5,
  int2: 0.25,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  uint4: 0.5,
  uint2: 0.25,
  bool: 1,
  complex64: 8,
  complex128: 16,
};

/**
 * Bytes of one element as stored, a fraction for types that are packed, lowest bits first. `string`
 * has no fixed size, so it is not accepted.
 */
export function bytesPerElement(dtype: Exclude<DType, 'string'>): number {
  return BYTES_PER_ELEMENT[dtype];
}

const PRUNABLE: ReadonlySet<string> = new Set([
  'float64',
  'float32',
  'float16',
  'bfloat16',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
]);

/**
 * Whether weights of this type are pruned in place, in their own type: float types of whole bytes in
 * which all bits zero is the number zero. Integer codes need to say what they stand for besides.
 */
export function isPrunableDType(dtype: string): boolean {
  return PRUNABLE.has(dtype);
}
