import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { averagePoolGradient } from '../../../core/kernels/poolGradientKernels';
import type { Info } from './wasmKernel';
import { type PoolAttributes, poolWindow } from './windows';

/** As on WebAssembly: this backend's own, too, divides by the whole window where that reaches into the padding. */
export function averagePoolGradOnCpu({
  inputs: { dy, input },
  attrs,
  backend,
}: {
  readonly inputs: Readonly<Record<'dy' | 'input', Info>>;
  readonly attrs: PoolAttributes;
  readonly backend: MathBackendCPU;
}): Info {
  const dx = new Float32Array(input.shape.reduce((size, n) => size * n, 1));
  const gradient = backend.readSync(dy.dataId);
  if (!(gradient instanceof Float32Array)) throw new Error(`a gradient of ${dy.dtype}`);
  averagePoolGradient(poolWindow(input.shape, attrs), gradient, dx);
  return backend.makeTensorInfo(input.shape, 'float32', dx);
}
