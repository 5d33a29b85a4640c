import { bytesPerElement, type DType } from '../../model/dtype';

/** How the elements of one TensorProto.DataType are kept. */
export interface ElementType {
  readonly dtype: DType;
  /** The typed field that holds them where raw_data does not. */
  readonly field: number;
  readonly fieldName: string;
}

const FLOAT_DATA = { field: 4, fieldName: 'float_data' };
const INT32_DATA = { field: 5, fieldName: 'int32_data' };
const STRING_DATA = { field: 6, fieldName: 'string_data' };
const INT64_DATA = { field: 7, fieldName: 'int64_data' };
const DOUBLE_DATA = { field: 10, fieldName: 'double_data' };
const UINT64_DATA = { field: 11, fieldName: 'uint64_data' };

/** By the number of TensorProto.DataType. Source: onnx.proto of ONNX 1.23. */
const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [1, { dtype: 'float32', ...FLOAT_DATA }],
  [2, { dtype: 'uint8', ...INT32_DATA }],
  [3, { dtype: 'int8', ...INT32_DATA }],
  [4, { dtype: 'uint16', ...INT32_DATA }],
  [5, { dtype: 'int16', ...INT32_DATA }],
  [6, { dtype: 'int32', ...INT32_DATA }],
  [7, { dtype: 'int64', ...INT64_DATA }],
  [8, { dtype: 'string', ...STRING_DATA }],
  [9, { dtype: 'bool', ...INT32_DATA }],
  [10, { dtype: 'float16', ...INT32_DATA }],
  [11, { dtype: 'float64', ...DOUBLE_DATA }],
  [12, { dtype: 'uint32', ...UINT64_DATA }],
  [13, { dtype: 'uint64', ...UINT64_DATA }],
  [14, { dtype: 'complex64', ...FLOAT_DATA }],
  [15, { dtype: 'complex128', ...DOUBLE_DATA }],
  [16, { dtype: 'bfloat16', ...INT32_DATA }],
  [17, { dtype: 'float8_e4m3fn', ...INT32_DATA }],
  [18, { dtype: 'float8_e4m3fnuz', ...INT32_DATA }],
  [19, { dtype: 'float8_e5m2', ...INT32_DATA }],
  [20, { dtype: 'float8_e5m2fnuz', ...INT32_DATA }],
  [21, { dtype: 'uint4', ...INT32_DATA }],
  [22, { dtype: 'int4', ...INT32_DATA }],
  [23, { dtype: 'float4_e2m1fn', ...INT32_DATA }],
  [24, { dtype: 'float8_e8m0fnu', ...INT32_DATA }],
  [25, { dtype: 'uint2', ...INT32_DATA }],
  [26, { dtype: 'int2', ...INT32_DATA }],
]);

/** The element type of a TensorProto.DataType; undefined where there is none of that number. */
export function elementTypeOf(dataType: number): ElementType | undefined {
  return ELEMENT_TYPES.get(dataType);
}

/** Strings have no size of their own. */
export function elementBytesOf(dtype: DType): number {
  return dtype === 'string' ? 0 : bytesPerElement(dtype);
}

/** The typed fields whose numbers are as long as their bytes: they can be read in place. */
export function isFixedWidthField(field: number): boolean {
  return field === FLOAT_DATA.field || field === DOUBLE_DATA.field;
}

/** How many bytes of a tensor one varint of a typed field stands for. */
export function bytesPerVarint(dtype: DType): number {
  // Packed types come a byte at a time.
  return Math.max(1, elementBytesOf(dtype));
}
