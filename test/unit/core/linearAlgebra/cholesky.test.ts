import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  factorInPlace,
  factorOfInverse,
  inverseDiagonal,
  invertSymmetric,
} from '../../../../src/core/linearAlgebra/cholesky';
import { addProductInPlace } from '../../../../src/core/kernels/productKernel';
import { solveFactoredInPlace } from '../../../../src/core/kernels/triangularKernels';
import { seededRandom } from '../../../helpers/random';

/** Sizes around the edges of tiles (4) and blocks (64, 128). */
const SIZES = [1, 3, 4, 5, 63, 64, 65, 130, 197];

/** G G^T / size + I, so that it is well conditioned. */
function positiveDefinite(size: number): Float64Array<ArrayBuffer> {
  const random = seededRandom(size);
  const given = Float64Array.from({ length: size * size }, () => random() - 0.5);
  const matrix = multiply(given, transpose(given, size), size).map((value) => value / size);
  for (let i = 0; i < size; i++) matrix[i * (size + 1)]! += 1;
  return matrix;
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      for (let j = 0; j < size; j++) product[i * size + j]! += a[i * size + k]! * b[k * size + j]!;
    }
  }
  return product;
}

function transpose(a: Float64Array, size: number): Float64Array<ArrayBuffer> {
  return a.map((_, i) => a[(i % size) * size + Math.floor(i / size)]!);
}

function upperOf(a: Float64Array, size: number): Float64Array<ArrayBuffer> {
  return a.map((value, i) => (i % size >= Math.floor(i / size) ? value : 0));
}

function assertClose(found: Float64Array, expected: Float64Array, what: string): void {
  const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  assert.ok(worst <= 1e-12, `${what}: differs by ${worst}`);
}

function identity(size: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
}

test('a product of blocks is that of plain loops, whatever their sizes and strides', () => {
  const random = seededRandom(2);
  for (const [depth, rows, columns] of [
    [1, 1, 1],
    [7, 5, 9],
    [130, 6, 3],
    [257, 17, 21],
  ] as const) {
    const a = Float64Array.from({ length: depth * rows }, () => random() - 0.5);
    const b = Float64Array.from({ length: depth * columns }, () => random() - 0.5);
    const target = new Float64Array(2 + rows * columns).fill(1);
    addProductInPlace(
      { values: target, offset: 2, rowStride: 1, columnStride: rows, rows, columns },
      { values: a, offset: 0, rowStride: 1, columnStride: depth, rows: depth, columns: rows },
      { values: b, offset: 0, rowStride: columns, columnStride: 1, rows: depth, columns },
      { factor: -1 },
    );
    assert.deepEqual([...target.subarray(0, 2)], [1, 1], 'nothing before the block is touched');
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 1;
        for (let k = 0; k < depth; k++) sum -= a[i * depth + k]! * b[k * columns + j]!;
        assert.ok(Math.abs(target[2 + j * rows + i]! - sum) <= 1e-12);
      }
    }
  }
});

test('U^T U of a Cholesky factor is the matrix', () => {
  for (const size of SIZES) {
    const matrix = positiveDefinite(size);
    const factored = matrix.slice();
    factorInPlace(factored, size, 'a test');
    const upper = upperOf(factored, size);
    assertClose(multiply(transpose(upper, size), upper, size), matrix, `size ${size}`);
  }
});

test('a matrix times its inverse is the identity', () => {
  for (const size of SIZES) {
    const matrix = positiveDefinite(size);
    const inverse = invertSymmetric(matrix.slice(), size, 'a test');
    assertClose(multiply(matrix, inverse, size), identity(size), `size ${size}`);
  }
});

test('the factor of the inverse is upper triangular, and gives the inverse and its diagonal', () => {
  for (const size of SIZES) {
    const matrix = positiveDefinite(size);
    const inverse = invertSymmetric(matrix.slice(), size, 'a test');
    const factor = factorOfInverse(matrix.slice(), size, 'a test');
    assert.deepEqual(factor, upperOf(factor, size));
    assertClose(multiply(transpose(factor, size), factor, size), inverse, `size ${size}`);
    const diagonal = Float64Array.from({ length: size }, (_, i) => inverse[i * (size + 1)]!);
    assertClose(inverseDiagonal(factor, size), diagonal, `diagonal of size ${size}`);
  }
});

test('substitution with a factor solves the system', () => {
  const size = 71;
  const matrix = positiveDefinite(size);
  const random = seededRandom(9);
  const solution = Float64Array.from({ length: size }, () => random() - 0.5);
  const b = solution.map((_, i) =>
    solution.reduce((sum, x, j) => sum + matrix[i * size + j]! * x, 0),
  );
  const factored = matrix.slice();
  factorInPlace(factored, size, 'a test');
  solveFactoredInPlace(factored, size, b);
  assertClose(b, solution, 'solution');
});

test('a matrix that is not positive definite is refused with its pivot and its layer', () => {
  const singular = Float64Array.of(1, 1, 1, 1);
  assert.throws(() => factorInPlace(singular.slice(), 2, 'fc1'), /fc1: found pivot 2 of 2 is 0/);
  assert.throws(() => factorInPlace(Float64Array.of(NaN), 1, 'fc1'), /pivot 1 of 1 is NaN/);
  assert.throws(() => factorInPlace(Float64Array.of(Infinity), 1, 'fc1'), /is Infinity/);
  assert.throws(() => factorOfInverse(singular.slice(), 2, 'fc1'), /supported: finite inputs/);
});
