import { addInPlace, addProductsInPlace, scaleInPlace } from '../kernels/accumulateKernel';
import type { Values } from '../model/decodeValues';
import type { TensorEntry } from '../model/model';
import { MAX_WIDE_SUMS } from './limits';

/**
 * What batches add up to, a sum for each element of some tensors. In float64, or in float32 for more than
 * {@link MAX_WIDE_SUMS} elements in all.
 */
export class TensorSums {
  private readonly sums: ReadonlyMap<string, Values>;

  constructor(tensors: readonly TensorEntry[]) {
    const elements = tensors.reduce((sum, { elementCount }) => sum + elementCount, 0);
    const make = (count: number): Values =>
      elements <= MAX_WIDE_SUMS ? new Float64Array(count) : new Float32Array(count);
    this.sums = new Map(tensors.map(({ name, elementCount }) => [name, make(elementCount)]));
  }

  /** Adds an array a tensor; tensors without one, and arrays without a tensor here, are passed over. */
  add(arrays: ReadonlyMap<string, { readonly values: Float32Array }>): void {
    for (const [name, sum] of this.sums) {
      const array = arrays.get(name);
      if (array !== undefined) addInPlace(sum, array.values);
    }
  }

  /** Adds the products of other sums with an array a tensor. */
  addProducts(others: TensorSums, factors: ReadonlyMap<string, Float32Array>): void {
    for (const [name, sum] of this.sums) {
      const factor = factors.get(name);
      if (factor !== undefined) addProductsInPlace(sum, others.of(name), factor);
    }
  }

  /** All sums times a factor. */
  scale(factor: number): void {
    for (const sum of this.sums.values()) scaleInPlace(sum, factor);
  }

  /** Of one tensor, in C order. */
  of(name: string): Values {
    const sum = this.sums.get(name);
    if (sum === undefined) throw new Error(`there are no sums of ${name}`);
    return sum;
  }
}
