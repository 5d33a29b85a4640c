import { segmentSums } from '../../../core/kernels/sumKernels';
import type { Info, WasmCall, WasmKernel } from './wasmKernel';

/** Missing in the backend: the gradient of looking rows up, as embeddings do. */
export const unsortedSegmentSumKernel: WasmKernel = {
  kernelName: 'UnsortedSegmentSum',
  make: () => unsortedSegmentSum,
};

function unsortedSegmentSum({
  inputs: { x, segmentIds },
  attrs: { numSegments },
  backend,
}: WasmCall<'x' | 'segmentIds', { readonly numSegments: number }>): Info {
  const rest = x.shape.slice(segmentIds.shape.length);
  const sums = backend.makeOutput([numSegments, ...rest], x.dtype);
  const [rows, segments, target] = [x, segmentIds, sums].map((tensor) =>
    backend.typedArrayFromHeap(tensor),
  );
  if (!(segments instanceof Int32Array) || !isSummable(rows) || !isSummable(target)) {
    throw new Error(`segments of ${segmentIds.dtype}, rows of ${x.dtype} cannot be added up`);
  }
  segmentSums(
    rows,
    segments,
    target,
    rest.reduce((size, n) => size * n, 1),
  );
  return sums;
}

function isSummable(values: unknown): values is Float32Array | Int32Array {
  return values instanceof Float32Array || values instanceof Int32Array;
}
