import type { DenseOperator, MatMulOperator } from '../../core/graph/operators/linear';
import {
  at,
  broadcastShape,
  build,
  range,
  type ReferenceArray,
  required,
  sum,
} from './referenceArray';

type Inputs = readonly (ReferenceArray | null)[];

/** y = x W + b over the last axis. Source: Keras Dense. */
export function referenceDense({ kernelLayout }: DenseOperator, inputs: Inputs): ReferenceArray {
  const [x, kernel, bias] = [required(inputs, 0), required(inputs, 1), inputs[2] ?? null];
  const isLast = kernelLayout === 'in-out';
  const outputs = kernel.shape[isLast ? 1 : 0] ?? 0;
  const count = x.shape.at(-1) ?? 0;
  return build([...x.shape.slice(0, -1), outputs], 'float32', (place) => {
    const output = place.at(-1) ?? 0;
    const products = range(count).map(
      (i) => at(x, [...place.slice(0, -1), i]) * at(kernel, isLast ? [i, output] : [output, i]),
    );
    return sum(products) + (bias === null ? 0 : at(bias, [output]));
  });
}

/** Source: NumPy matmul. */
export function referenceMatMul(
  { transposeA, transposeB }: MatMulOperator,
  inputs: Inputs,
): ReferenceArray {
  const [a, b] = [required(inputs, 0), required(inputs, 1)];
  const outer = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const rows = a.shape.at(transposeA ? -1 : -2) ?? 0;
  const inner = a.shape.at(transposeA ? -2 : -1) ?? 0;
  const columns = b.shape.at(transposeB ? -2 : -1) ?? 0;
  const type = a.type === 'float32' || b.type === 'float32' ? 'float32' : 'int32';
  return build([...outer, rows, columns], type, (place) => {
    const [row = 0, column = 0] = place.slice(-2);
    const batch = place.slice(0, -2);
    return sum(
      range(inner).map(
        (k) =>
          matrixAt(a, batch, transposeA ? [k, row] : [row, k]) *
          matrixAt(b, batch, transposeB ? [column, k] : [k, column]),
      ),
    );
  });
}

/** An element of a batch's matrix, the batch broadcast. */
function matrixAt(x: ReferenceArray, batch: readonly number[], element: readonly number[]): number {
  const own = x.shape.slice(0, -2);
  const skipped = batch.length - own.length;
  const place = own.map((size, axis) => (size === 1 ? 0 : (batch[axis + skipped] ?? 0)));
  return at(x, [...place, ...element]);
}
