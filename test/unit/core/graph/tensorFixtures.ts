import type { DType } from '../../../../src/core/model/dtype';
import type { TensorEntry } from '../../../../src/core/model/model';

/** Tensors by name and shape, one after the other in one file. */
export function tensorsOf(
  shapes: Readonly<Record<string, readonly number[]>>,
  dtype: DType = 'float32',
): readonly TensorEntry[] {
  let byteOffset = 0;
  return Object.entries(shapes).map(([name, shape]) => {
    const elementCount = shape.reduce((product, size) => product * size, 1);
    const byteLength = elementCount * 4;
    const spans = [{ fileIndex: 0, byteOffset, byteLength }];
    byteOffset += byteLength;
    return {
      name,
      shape,
      dtype,
      elementCount,
      storedElementBytes: 4,
      spans,
      littleEndian: true,
      storageOrder: null,
      role: 'parameter',
    };
  });
}
