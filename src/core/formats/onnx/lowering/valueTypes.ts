import { UnsupportedError } from '../../../errors';
import type { ElementType } from '../../../graph/graph';
import type { DType } from '../../../model/dtype';
import { elementTypeOf } from '../elementTypes';

/**
 * How the executor holds elements of a stored type; null for text and complex numbers.
 */
export function valueType(dtype: DType): ElementType | null {
  if (dtype === 'bool') return 'bool';
  if (dtype === 'string' || dtype.startsWith('complex')) return null;
  return /^u?int/.test(dtype) ? 'int32' : 'float32';
}

/**
 * How the executor holds elements of a TensorProto.DataType.
 * @throws UnsupportedError for text and complex numbers.
 */
export function valueTypeOf(dataType: number): ElementType {
  const dtype = elementTypeOf(dataType)?.dtype;
  const type = dtype === undefined ? null : valueType(dtype);
  if (type !== null) return type;
  throw new UnsupportedError({
    feature: 'ONNX values',
    found: `element type ${dtype ?? dataType}`,
    supported: 'numbers and truth values',
  });
}
