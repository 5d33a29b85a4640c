import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { WindowGeometry } from '../../../core/kernels/windowGeometry';
import { multiply } from './matMul';
import {
  callKernel,
  free,
  type Info,
  reshaped,
  viewOf,
  type WasmCall,
  type WasmKernel,
} from './wasmKernel';
import { type ConvolutionAttributes, convolutionWindow } from './windows';

type FilterAttributes = ConvolutionAttributes & { readonly filterShape: readonly number[] };

/**
 * Missing in the backend: the gradient of a convolution with respect to its filter. It is itself a convolution,
 * of the input by what came back, with channels in the place of the batch and strides and dilations exchanged.
 */
export const conv2dBackpropFilterKernel: WasmKernel = {
  kernelName: 'Conv2DBackpropFilter',
  make: () => filterGradient,
};

function filterGradient({
  inputs: { x, dy },
  attrs,
  backend,
}: WasmCall<'x' | 'dy', FilterAttributes>): Info {
  const window = convolutionWindow(x.shape, attrs.filterShape, attrs);
  return isPointwise(window)
    ? pointwiseGradient(backend, x, dy)
    : asConvolution(backend, x, dy, window);
}

/** Whether each output pixel is made from the input pixel at its own place alone. */
export function isPointwise(window: WindowGeometry): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padTop, padLeft } = window;
  const one = filterHeight * filterWidth * strideHeight * strideWidth === 1;
  const bare = window.outHeight === window.inHeight && window.outWidth === window.inWidth;
  return one && bare && padTop === 0 && padLeft === 0;
}

/** x^T dy over all pixels. */
function pointwiseGradient(backend: BackendWasm, x: Info, dy: Info): Info {
  const [batch = 1, height = 1, width = 1, inputs = 1] = x.shape;
  const outputs = dy.shape[3] ?? 1;
  const pixels = batch * height * width;
  const left = viewOf(backend, x, [1, pixels, inputs]);
  const right = viewOf(backend, dy, [1, pixels, outputs]);
  const product = multiply(backend, { a: left, b: right, transposeA: true, transposeB: false });
  free(backend, left, right);
  return reshaped(product, [1, 1, inputs, outputs]);
}

function asConvolution(backend: BackendWasm, x: Info, dy: Info, window: WindowGeometry): Info {
  const image = callKernel('Transpose', backend, { x }, { perm: [3, 1, 2, 0] });
  const filter = callKernel('Transpose', backend, { x: dy }, { perm: [1, 2, 0, 3] });
  const made = callKernel('Conv2D', backend, { x: image, filter }, exchangedAttributes(window));
  const cut = cutToFilter(backend, made, window);
  const gradient = callKernel('Transpose', backend, { x: cut }, { perm: [1, 2, 0, 3] });
  free(backend, image, filter, made);
  if (cut !== made) free(backend, cut);
  return gradient;
}

function exchangedAttributes(window: WindowGeometry) {
  const { padTop, padLeft } = window;
  const below = padBelow('Height', window, padTop);
  const right = padBelow('Width', window, padLeft);
  return {
    strides: [window.dilationHeight, window.dilationWidth],
    dilations: [window.strideHeight, window.strideWidth],
    pad: [
      [0, 0],
      [padTop, below],
      [padLeft, right],
      [0, 0],
    ],
    dataFormat: 'NHWC',
  };
}

/** So much padding behind that the filter's last element meets the last output. */
function padBelow(axis: 'Height' | 'Width', window: WindowGeometry, before: number): number {
  const filter = (window[`filter${axis}`] - 1) * window[`dilation${axis}`];
  const output = (window[`out${axis}`] - 1) * window[`stride${axis}`];
  return Math.max(0, filter + output + 1 - window[`in${axis}`] - before);
}

/** Input pixels behind the last window make rows that are no part of the filter. */
function cutToFilter(backend: BackendWasm, made: Info, window: WindowGeometry): Info {
  const [channels = 1, height = 1, width = 1, outputs = 1] = made.shape;
  const { filterHeight, filterWidth } = window;
  if (height === filterHeight && width === filterWidth) return made;
  const size = [channels, filterHeight, filterWidth, outputs];
  return callKernel('Slice', backend, { x: made }, { begin: [0, 0, 0, 0], size });
}
