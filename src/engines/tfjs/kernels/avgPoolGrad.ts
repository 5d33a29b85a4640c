import { averagePoolGradient } from '../../../core/kernels/poolGradientKernels';
import { floatsOf, type Info, makeFloats, type WasmCall, type WasmKernel } from './wasmKernel';
import { type PoolAttributes, poolWindow } from './windows';

/** The backend's own divides by the whole window also where that reaches into the padding. */
export const avgPoolGradKernel: WasmKernel = {
  kernelName: 'AvgPoolGrad',
  make: () => avgPoolGrad,
};

function avgPoolGrad({
  inputs: { dy, input },
  attrs,
  backend,
}: WasmCall<'dy' | 'input', PoolAttributes>): Info {
  const dx = makeFloats(backend, input.shape);
  averagePoolGradient(poolWindow(input.shape, attrs), floatsOf(backend, dy), floatsOf(backend, dx));
  return dx;
}
