import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { unreadResult } from './unreadResults';
import {
  callFunction,
  callKernel,
  floatsOf,
  free,
  type Info,
  makeFloats,
  reshaped,
  viewOf,
  type WasmCall,
  type WasmKernel,
} from './wasmKernel';

interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Matrices of rank 3, with one batch or as many as the other has. */
export interface Product extends MatMulAttributes {
  readonly a: Info;
  readonly b: Info;
}

/** Below so many multiplications a matrix the backend's own loop is faster than a call each. */
const SMALL_PRODUCT = 4096;

let plainProduct: tf.KernelFunc | null = null;

/**
 * The backend multiplies fast only one plain matrix by another; with transpositions or batches it falls to
 * a scalar loop. Here matrices are transposed first, and batches multiplied one by one.
 */
export const batchMatMulKernel: WasmKernel = {
  kernelName: 'BatchMatMul',
  make: (original) => {
    plainProduct = original;
    return batchMatMul;
  },
};

function batchMatMul(call: WasmCall<'a' | 'b', MatMulAttributes>): Info {
  const { inputs, attrs, backend } = call;
  const { a, b } = inputs;
  const outerA = a.shape.slice(0, -2);
  const outerB = b.shape.slice(0, -2);
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const rows = a.shape.at(attrs.transposeA ? -1 : -2) ?? 1;
  const columns = b.shape.at(attrs.transposeB ? -2 : -1) ?? 1;
  const room = a.dtype === 'float32' ? unreadResult(backend, [...outer, rows, columns]) : null;
  if (room !== null) return room;
  const count = tf.util.sizeFromShape(outer);
  const [countA, countB] = [outerA, outerB].map((shape) => tf.util.sizeFromShape(shape));
  const repeats = [countA, countB].every((own) => own === count || own === 1);
  if (!repeats || isBestPlain(a, b, attrs, count)) return original(backend, a, b, attrs);
  const left = viewOf(backend, a, [countA ?? 1, ...a.shape.slice(-2)]);
  const right = viewOf(backend, b, [countB ?? 1, ...b.shape.slice(-2)]);
  const product = multiply(backend, { a: left, b: right, ...attrs });
  free(backend, left, right);
  return reshaped(product, [...outer, ...product.shape.slice(1)]);
}

function isBestPlain(a: Info, b: Info, attrs: MatMulAttributes, count: number): boolean {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return true;
  if (count === 0 || a.shape.includes(0) || b.shape.includes(0)) return true;
  if (count === 1) return !attrs.transposeA && !attrs.transposeB;
  const [rows = 1, columns = 1] = a.shape.slice(-2);
  const [, others = 1] = b.shape.slice(-2);
  const [inner = 1] = b.shape.slice(-2);
  return rows * columns * (attrs.transposeB ? inner : others) < SMALL_PRODUCT;
}

function original(backend: BackendWasm, a: Info, b: Info, attrs: MatMulAttributes): Info {
  if (plainProduct === null) throw new Error('the wasm backend has no kernel BatchMatMul');
  const { transposeA, transposeB } = attrs;
  const right = withOwnOperator(backend, b);
  const product = callFunction(plainProduct, backend, { a, b: right }, { transposeA, transposeB });
  if (right !== b) free(backend, right);
  return product;
}

/** By data of a right side: the shape it was multiplied in first. */
const multipliedAs = new WeakMap<object, string>();

/**
 * The backend keeps an operator for each right side by its data alone: in another shape, as a view has, it would
 * multiply by the sizes of the first time and write beyond its output. Such a view gets data of its own.
 */
function withOwnOperator(backend: BackendWasm, b: Info): Info {
  const shape = b.shape.slice(-2).join();
  const first = multipliedAs.get(b.dataId);
  if (first === undefined) multipliedAs.set(b.dataId, shape);
  if (first === undefined || first === shape) return b;
  return callKernel('Identity', backend, { x: b });
}

/** The product of matrices of rank 3. @returns rank 3 */
export function multiply(backend: BackendWasm, { a, b, transposeA, transposeB }: Product): Info {
  const left = transposeA ? transposed(backend, a) : viewOf(backend, a, a.shape);
  const right = transposeB ? transposed(backend, b) : viewOf(backend, b, b.shape);
  const count = Math.max(left.shape[0] ?? 1, right.shape[0] ?? 1);
  const product = count === 1 ? plain(backend, left, right) : oneByOne(backend, left, right, count);
  free(backend, left, right);
  return product;
}

function plain(backend: BackendWasm, a: Info, b: Info): Info {
  return original(backend, a, b, { transposeA: false, transposeB: false });
}

function transposed(backend: BackendWasm, x: Info): Info {
  const [count = 1, rows = 1, columns = 1] = x.shape;
  // A row and a column lie in memory alike.
  if (rows === 1 || columns === 1) return viewOf(backend, x, [count, columns, rows]);
  return callKernel('Transpose', backend, { x }, { perm: [0, 2, 1] });
}

function oneByOne(backend: BackendWasm, a: Info, b: Info, count: number): Info {
  const [, rows = 1] = a.shape;
  const [, , columns = 1] = b.shape;
  const product = makeFloats(backend, [count, rows, columns]);
  for (let i = 0; i < count; i++) {
    const [left, right] = [matrixAt(backend, a, i), matrixAt(backend, b, i)];
    const one = plain(backend, left, right);
    copyInto(backend, one, 0, { target: product, index: i });
    free(backend, left, right, one);
  }
  return product;
}

/** A copy of one matrix of a batch; of the only one where there is just one. */
function matrixAt(backend: BackendWasm, batch: Info, index: number): Info {
  const [count = 1, rows = 1, columns = 1] = batch.shape;
  if (count === 1) return viewOf(backend, batch, batch.shape);
  const matrix = makeFloats(backend, [1, rows, columns]);
  copyInto(backend, batch, index, { target: matrix, index: 0 });
  return matrix;
}

/** Copies a matrix of one batch to another one's place. */
function copyInto(
  backend: BackendWasm,
  source: Info,
  index: number,
  to: { readonly target: Info; readonly index: number },
): void {
  const [, rows = 1, columns = 1] = source.shape;
  const size = rows * columns;
  const matrix = floatsOf(backend, source).subarray(index * size, (index + 1) * size);
  floatsOf(backend, to.target).set(matrix, to.index * size);
}
