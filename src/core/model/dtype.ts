/** Element types by the names of the command-line contract. */
export type DType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float8_e4m3fn'
  | 'float8_e5m2'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
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
  float8_e5m2: 1,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
  complex64: 8,
  complex128: 16,
};

/** Bytes of one element as stored; `string` has no fixed size, so it is not accepted. */
export function bytesPerElement(dtype: Exclude<DType, 'string'>): number {
  return BYTES_PER_ELEMENT[dtype];
}

const PRUNABLE: ReadonlySet<string> = new Set(['float64', 'float32', 'float16', 'bfloat16']);

/** Whether weights of this type are pruned in place, in their own type. */
export function isPrunableDType(dtype: string): boolean {
  return PRUNABLE.has(dtype);
}
