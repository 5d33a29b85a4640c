import * as tf from '@tensorflow/tfjs-core';
import { avgPoolGradKernel } from './avgPoolGrad';
import { conv2dBackpropFilterKernel } from './conv2dBackpropFilter';
import { conv2dBackpropInputKernel } from './conv2dBackpropInput';
import { averagePoolGradOnCpu } from './cpuAvgPoolGrad';
import { depthwiseGradKernels } from './depthwiseGrad';
import { fusedMatMulKernel } from './fusedMatMul';
import { leadingSumKernels } from './leadingSum';
import { batchMatMulKernel } from './matMul';
import { maxPoolGradKernel } from './maxPoolGrad';
import { samePaddingKernels } from './samePadding';
import { unsortedSegmentSumKernel } from './unsortedSegmentSum';
import type { WasmKernel } from './wasmKernel';

const WASM_KERNELS: readonly WasmKernel[] = [
  avgPoolGradKernel,
  batchMatMulKernel,
  conv2dBackpropFilterKernel,
  conv2dBackpropInputKernel,
  ...depthwiseGradKernels,
  fusedMatMulKernel,
  ...leadingSumKernels,
  maxPoolGradKernel,
  ...samePaddingKernels,
  unsortedSegmentSumKernel,
];

/**
 * Puts kernels into the wasm backend that it lacks, gets wrong or is slow at, once a process. The backend
 * must have been started.
 */
export function registerWasmKernels(): void {
  for (const { kernelName, make } of WASM_KERNELS) {
    const original = (tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | undefined) ?? null;
    if (original !== null) tf.unregisterKernel(kernelName, 'wasm');
    const kernelFunc = make(original?.kernelFunc ?? null) as unknown as tf.KernelFunc;
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
}

/** Puts right what the plain JavaScript backend gets wrong. */
export function registerCpuKernels(): void {
  tf.unregisterKernel('AvgPoolGrad', 'cpu');
  tf.registerKernel({
    kernelName: 'AvgPoolGrad',
    backendName: 'cpu',
    kernelFunc: averagePoolGradOnCpu as unknown as tf.KernelFunc,
  });
}
