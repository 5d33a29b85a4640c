import { maxPoolGradient } from '../../../core/kernels/poolGradientKernels';
import { floatsOf, type Info, makeFloats, type WasmCall, type WasmKernel } from './wasmKernel';
import { type PoolAttributes, poolWindow } from './windows';

/**
 * The backend's own looks for the maximum from the smallest positive number on, so that windows without a
 * positive element lose their gradient; and takes the last of equal ones.
 */
export const maxPoolGradKernel: WasmKernel = {
  kernelName: 'MaxPoolGrad',
  make: () => maxPoolGrad,
};

function maxPoolGrad({
  inputs: { dy, input },
  attrs,
  backend,
}: WasmCall<'dy' | 'input', PoolAttributes>): Info {
  const window = poolWindow(input.shape, attrs);
  const dx = makeFloats(backend, input.shape);
  const [x, gradient] = [floatsOf(backend, input), floatsOf(backend, dy)];
  maxPoolGradient(window, x, gradient, floatsOf(backend, dx));
  return dx;
}
