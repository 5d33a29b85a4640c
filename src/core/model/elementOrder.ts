import type { UnitMap } from '../report/plan';
import type { TensorEntry } from './model';

/**
 * From an element's place in the file to its flat index in C order; null where both are the same,
 * that is for everything but NumPy's Fortran-ordered arrays.
 */
export function flatIndexMap(tensor: TensorEntry): ((storageIndex: number) => number) | null {
  if (!tensor.fortranOrder) return null;
  const { shape } = tensor;
  return (storageIndex) => {
    let rest = storageIndex;
    const indices = shape.map((size) => {
      const index = rest % size;
      rest = (rest - index) / size;
      return index;
    });
    return shape.reduce((flat, size, axis) => flat * size + (indices[axis] ?? 0), 0);
  };
}

/** Which unit (index along `axis`) each stored element belongs to. */
export function unitMapOf(tensor: TensorEntry, axis: number): UnitMap {
  const faster = tensor.fortranOrder ? tensor.shape.slice(0, axis) : tensor.shape.slice(axis + 1);
  return {
    inner: faster.reduce((product, size) => product * size, 1),
    count: tensor.shape[axis] ?? 1,
  };
}
