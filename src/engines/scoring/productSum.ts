import { gatherVectors, type VectorTable } from '../../core/kernels/gatherKernel';
import { addProductInPlace } from '../../core/kernels/productKernel';
import { mirrorUpper } from '../../core/kernels/triangularKernels';
import type { InputProduct } from '../../core/linearAlgebra/inputProduct';

/** Vectors that are collected before they are multiplied: whole strips of the product's inner loop. */
const HELD_VECTORS = 256;

/** X X^T in float64, of vectors that come in any portions. Space: one matrix, and a few hundred vectors. */
export class ProductSum {
  private readonly values: Float64Array;
  private readonly held: Float64Array;
  private heldCount = 0;
  private heldWeight = 1;
  private samples = 0;

  constructor(private readonly inputs: number) {
    this.values = new Float64Array(inputs * inputs);
    this.held = new Float64Array(HELD_VECTORS * inputs);
  }

  /** Adds all vectors of a table, each `weight` times (negative: takes them away again). */
  add(table: VectorTable, weight: number): void {
    if (weight !== this.heldWeight) this.flush();
    this.heldWeight = weight;
    const total = table.rows.length;
    this.samples += total * weight;
    for (let from = 0; from < total;) {
      const count = Math.min(HELD_VECTORS - this.heldCount, total - from);
      gatherVectors(table, { from, count }, this.held, this.heldCount * this.inputs);
      this.heldCount += count;
      from += count;
      if (this.heldCount === HELD_VECTORS) this.flush();
    }
  }

  /** Adds vectors of zeros: they count in the mean. */
  addZeros(count: number, weight: number): void {
    this.samples += count * weight;
  }

  /** Nothing can be added afterwards. */
  finish(): InputProduct {
    this.flush();
    mirrorUpper(this.values, this.inputs);
    return { inputs: this.inputs, values: this.values, samples: Math.round(this.samples) };
  }

  private flush(): void {
    const { inputs, held, values, heldCount } = this;
    const square = { offset: 0, rowStride: inputs, columnStride: 1, columns: inputs };
    const vectors = { values: held, ...square, rows: heldCount };
    const options = { factor: this.heldWeight, upperOnly: true };
    addProductInPlace({ values, ...square, rows: inputs }, vectors, vectors, options);
    this.heldCount = 0;
  }
}
