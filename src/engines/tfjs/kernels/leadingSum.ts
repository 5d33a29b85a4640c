import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from '../../../core/kernels/sumKernels';
import {
  callFunction,
  floatsOf,
  type Info,
  makeFloats,
  type WasmCall,
  type WasmKernel,
} from './wasmKernel';

interface ReductionAttributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/**
 * Sums and means over all axes but the last: gradients of biases and statistics of batches. The backend's own
 * transposes first and adds up in float32.
 */
export const leadingSumKernels: readonly WasmKernel[] = [
  { kernelName: 'Sum', make: (original) => withLeadingSums(original, () => 1) },
  { kernelName: 'Mean', make: (original) => withLeadingSums(original, (rows) => rows) },
];

function withLeadingSums(original: tf.KernelFunc | null, divisor: (rows: number) => number) {
  return (call: WasmCall<'x', ReductionAttributes>): Info => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    const columns = x.shape.at(-1) ?? 0;
    if (original !== null && !isOverLeadingAxes(x, attrs.axis)) {
      return callFunction(original, backend, inputs, { ...attrs });
    }
    const ones = x.shape.slice(0, -1).map(() => 1);
    const sums = makeFloats(backend, attrs.keepDims ? [...ones, columns] : [columns]);
    const totals = columnSums(floatsOf(backend, x), columns);
    const rows = divisor(tf.util.sizeFromShape(x.shape) / columns);
    floatsOf(backend, sums).set(totals.map((total) => total / rows));
    return sums;
  };
}

function isOverLeadingAxes(x: Info, axis: number | number[]): boolean {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const leads = axes.length === x.shape.length - 1 && axes.every((own, i) => own === i);
  return leads && axes.length > 0 && x.dtype === 'float32' && x.shape.every((size) => size > 0);
}
