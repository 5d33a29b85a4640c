import type { DType } from '../../model/dtype';
import type { PickleGlobal, PickleValue } from '../pickle/pickleValue';

/** An element type of PyTorch. */
export interface TorchDType {
  readonly dtype: DType;
  readonly elementBytes: number;
  /** PyTorch's name, where no {@link DType} says it. */
  readonly label?: string;
}

const PLAIN = (dtype: DType, elementBytes: number): TorchDType => ({ dtype, elementBytes });
const LABELLED = (dtype: DType, elementBytes: number, label: string): TorchDType => ({
  dtype,
  elementBytes,
  label,
});

const BY_NAME: Readonly<Record<string, TorchDType>> = {
  float64: PLAIN('float64', 8),
  double: PLAIN('float64', 8),
  float32: PLAIN('float32', 4),
  float: PLAIN('float32', 4),
  float16: PLAIN('float16', 2),
  half: PLAIN('float16', 2),
  bfloat16: PLAIN('bfloat16', 2),
  float8_e4m3fn: PLAIN('float8_e4m3fn', 1),
  float8_e4m3fnuz: PLAIN('float8_e4m3fnuz', 1),
  float8_e5m2: PLAIN('float8_e5m2', 1),
  float8_e5m2fnuz: PLAIN('float8_e5m2fnuz', 1),
  float8_e8m0fnu: PLAIN('float8_e8m0fnu', 1),
  // Two values a byte, which PyTorch's shapes count as one.
  float4_e2m1fn_x2: LABELLED('uint8', 1, 'float4_e2m1fn_x2'),
  int64: PLAIN('int64', 8),
  long: PLAIN('int64', 8),
  int32: PLAIN('int32', 4),
  int: PLAIN('int32', 4),
  int16: PLAIN('int16', 2),
  short: PLAIN('int16', 2),
  int8: PLAIN('int8', 1),
  uint8: PLAIN('uint8', 1),
  uint16: PLAIN('uint16', 2),
  uint32: PLAIN('uint32', 4),
  uint64: PLAIN('uint64', 8),
  bool: PLAIN('bool', 1),
  complex32: LABELLED('string', 4, 'complex32'),
  chalf: LABELLED('string', 4, 'complex32'),
  complex64: PLAIN('complex64', 8),
  cfloat: PLAIN('complex64', 8),
  complex128: PLAIN('complex128', 16),
  cdouble: PLAIN('complex128', 16),
  qint8: LABELLED('int8', 1, 'qint8'),
  quint8: LABELLED('uint8', 1, 'quint8'),
  qint32: LABELLED('int32', 4, 'qint32'),
};

const STORAGE_TYPES: Readonly<Record<string, string>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
  QInt8Storage: 'qint8',
  QUInt8Storage: 'quint8',
  QInt32Storage: 'qint32',
  // Counted in bytes: the tensor says its type.
  UntypedStorage: 'uint8',
  _UntypedStorage: 'uint8',
};

/** The type that a global such as `torch.float8_e4m3fn` is; null where it is none. */
export function torchDTypeOf(value: PickleValue | undefined): TorchDType | null {
  if (typeof value !== 'object' || value?.kind !== 'global') return null;
  return value.module === 'torch' ? lookUp(BY_NAME, value.name) : null;
}

const STORAGE_MODULES = new Set(['torch', 'torch.cuda', 'torch.storage']);

/** The element type of a storage class such as `torch.FloatStorage`; null where it is none. */
export function storageDTypeOf({ module, name }: PickleGlobal): TorchDType | null {
  const known = STORAGE_MODULES.has(module) ? lookUp(STORAGE_TYPES, name) : null;
  return known === null ? null : lookUp(BY_NAME, known);
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
