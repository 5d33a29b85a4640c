import type { UnitMap } from '../report/plan';
import type { TensorEntry } from './model';

/**
 * From an element's place in the file to its flat index in C order; null where both are the same,
 * that is for everything but arrays stored in another order of their axes.
 */
export function flatIndexMap(tensor: TensorEntry): ((storageIndex: number) => number) | null {
  const { shape, storageOrder } = tensor;
  if (storageOrder === null) return null;
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const fastestFirst = [...storageOrder]
    .reverse()
    .map((axis) => ({ size: shape[axis] ?? 1, stride: strides[axis] ?? 1 }));
  return (storageIndex) => {
    let rest = storageIndex;
    let flat = 0;
    for (const { size, stride } of fastestFirst) {
      const index = rest % size;
      rest = (rest - index) / size;
      flat += index * stride;
    }
    return flat;
  };
}

/** Which unit (index along `axis`) each stored element belongs to. */
export function unitMapOf(tensor: TensorEntry, axis: number): UnitMap {
  const { shape, storageOrder } = tensor;
  const order = storageOrder ?? shape.map((_, i) => i);
  const faster = order.slice(order.indexOf(axis) + 1).map((one) => shape[one] ?? 1);
  return { inner: product(faster), count: shape[axis] ?? 1 };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
