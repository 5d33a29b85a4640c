import type { ElementType } from '../../../graph/graph';
import type { DType } from '../../../model/dtype';

/** What a tensor of the manifest is in the graph; null for text and complex numbers. */
export function valueTypeOf(dtype: DType): ElementType | null {
  if (dtype === 'bool') return 'bool';
  if (/^u?int\d+$/.test(dtype)) return 'int32';
  return /^b?float/.test(dtype) ? 'float32' : null;
}

/** Of a TensorFlow type, by its name or its number: floats unless it is a whole number or a truth value. */
export function valueTypeOfName(type: unknown): ElementType {
  if (type === 'DT_BOOL' || type === 10) return 'bool';
  const isWhole = typeof type === 'string' && /^DT_U?INT\d+$/.test(type);
  return isWhole || INTEGER_NUMBERS.has(type) ? 'int32' : 'float32';
}

/** Source: DataType of TensorFlow, types.proto: int32, uint8, int16, int8, int64, uint16, uint32, uint64. */
const INTEGER_NUMBERS: ReadonlySet<unknown> = new Set([3, 4, 5, 6, 9, 17, 22, 23]);
