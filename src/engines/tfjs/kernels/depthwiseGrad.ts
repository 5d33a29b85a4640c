import {
  depthwiseFilterGradient,
  depthwiseInputGradient,
} from '../../../core/kernels/depthwiseGradientKernels';
import { floatsOf, type Info, makeFloats, type WasmCall, type WasmKernel } from './wasmKernel';
import { type ConvolutionAttributes, convolutionWindow } from './windows';

type FilterAttributes = ConvolutionAttributes & { readonly filterShape: readonly number[] };
type InputAttributes = ConvolutionAttributes & { readonly inputShape: readonly number[] };

/** Missing in the backend: gradients of depthwise convolutions. */
export const depthwiseGradKernels: readonly WasmKernel[] = [
  { kernelName: 'DepthwiseConv2dNativeBackpropFilter', make: () => filterGradient },
  { kernelName: 'DepthwiseConv2dNativeBackpropInput', make: () => inputGradient },
];

function filterGradient({
  inputs: { x, dy },
  attrs,
  backend,
}: WasmCall<'x' | 'dy', FilterAttributes>): Info {
  const window = convolutionWindow(x.shape, attrs.filterShape, attrs, true);
  const gradient = makeFloats(backend, attrs.filterShape);
  const multiplier = attrs.filterShape[3] ?? 1;
  const [image, back] = [floatsOf(backend, x), floatsOf(backend, dy)];
  floatsOf(backend, gradient).set(depthwiseFilterGradient(window, multiplier, image, back));
  return gradient;
}

function inputGradient({
  inputs: { dy, filter },
  attrs,
  backend,
}: WasmCall<'dy' | 'filter', InputAttributes>): Info {
  const window = convolutionWindow(attrs.inputShape, filter.shape, attrs, true);
  const dx = makeFloats(backend, attrs.inputShape);
  const arrays = { filter: floatsOf(backend, filter), dy: floatsOf(backend, dy) };
  depthwiseInputGradient(window, filter.shape[3] ?? 1, arrays, floatsOf(backend, dx));
  return dx;
}
