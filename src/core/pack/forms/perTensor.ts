import type { TensorEntry } from '../../model/model';

/** A function of tensors whose results are kept. */
export function perTensor<T>(compute: (tensor: TensorEntry) => T): (tensor: TensorEntry) => T {
  const results = new Map<TensorEntry, T>();
  return (tensor) => {
    const known = results.get(tensor) ?? compute(tensor);
    results.set(tensor, known);
    return known;
  };
}
