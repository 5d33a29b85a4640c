import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { spreadPixels, turnFilter } from '../../../core/kernels/imageKernels';
import type { WindowGeometry } from '../../../core/kernels/windowGeometry';
import { isPointwise } from './conv2dBackpropFilter';
import { multiply } from './matMul';
import {
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
import { type ConvolutionAttributes, convolutionWindow } from './windows';

type InputAttributes = ConvolutionAttributes & { readonly inputShape: readonly number[] };

/**
 * The gradient of a convolution with respect to its input, which also is the transposed convolution. The backend's
 * own is a scalar loop; here it is a convolution of what came back, spread by the strides, by the turned filter.
 */
export const conv2dBackpropInputKernel: WasmKernel = {
  kernelName: 'Conv2DBackpropInput',
  make: () => inputGradient,
};

function inputGradient({
  inputs: { dy, filter },
  attrs,
  backend,
}: WasmCall<'dy' | 'filter', InputAttributes>): Info {
  const window = convolutionWindow(attrs.inputShape, filter.shape, attrs);
  return isPointwise(window)
    ? pointwiseGradient(backend, dy, filter)
    : asConvolution(backend, dy, filter, window);
}

/** dy W^T over all pixels. */
function pointwiseGradient(backend: BackendWasm, dy: Info, filter: Info): Info {
  const [batch = 1, height = 1, width = 1, outputs = 1] = dy.shape;
  const inputs = filter.shape[2] ?? 1;
  const left = viewOf(backend, dy, [1, batch * height * width, outputs]);
  const right = viewOf(backend, filter, [1, inputs, outputs]);
  const product = multiply(backend, { a: left, b: right, transposeA: false, transposeB: true });
  free(backend, left, right);
  return reshaped(product, [batch, height, width, inputs]);
}

function asConvolution(backend: BackendWasm, dy: Info, filter: Info, window: WindowGeometry): Info {
  const turned = turnedFilter(backend, filter);
  const spread = spreadByStrides(backend, dy, window);
  const vertical = sidesOf('Height', window, spread.shape[1] ?? 0);
  const horizontal = sidesOf('Width', window, spread.shape[2] ?? 0);
  const image = cropped(backend, spread, vertical, horizontal);
  const padded = (sides: Sides): Sides => [Math.max(0, sides[0]), Math.max(0, sides[1])];
  const gradient = callKernel(
    'Conv2D',
    backend,
    { x: image, filter: turned },
    {
      strides: [1, 1],
      dilations: [window.dilationHeight, window.dilationWidth],
      pad: [[0, 0], padded(vertical), padded(horizontal), [0, 0]],
      dataFormat: 'NHWC',
    },
  );
  free(backend, turned, spread, image);
  return gradient;
}

function turnedFilter(backend: BackendWasm, filter: Info): Info {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = filter.shape;
  const turned = makeFloats(backend, [height, width, outputs, inputs]);
  const shape = { height, width, inputs, outputs };
  turnFilter(floatsOf(backend, filter), shape, floatsOf(backend, turned));
  return turned;
}

function spreadByStrides(backend: BackendWasm, dy: Info, window: WindowGeometry): Info {
  const { strideHeight, strideWidth } = window;
  const [batchSize = 1, height = 1, width = 1, channels = 1] = dy.shape;
  if (strideHeight * strideWidth === 1) return viewOf(backend, dy, dy.shape);
  const spread = makeFloats(backend, [
    batchSize,
    (height - 1) * strideHeight + 1,
    (width - 1) * strideWidth + 1,
    channels,
  ]);
  const shape = { batchSize, height, width, channels };
  spreadPixels(floatsOf(backend, dy), shape, window, floatsOf(backend, spread));
  return spread;
}

/** Padding before and after an axis; negative: what is cut off instead. */
type Sides = readonly [before: number, after: number];

/** So much that the convolution over the spread output gives the input's size. */
function sidesOf(axis: 'Height' | 'Width', window: WindowGeometry, size: number): Sides {
  const reach = (window[`filter${axis}`] - 1) * window[`dilation${axis}`];
  const before = reach - (axis === 'Height' ? window.padTop : window.padLeft);
  return [before, window[`in${axis}`] - (size + before - reach)];
}

/** Without the pixels at the sides that are negative. */
function cropped(backend: BackendWasm, x: Info, vertical: Sides, horizontal: Sides): Info {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const [top, bottom] = vertical.map((side) => Math.max(0, -side)) as [number, number];
  const [left, right] = horizontal.map((side) => Math.max(0, -side)) as [number, number];
  if (top + bottom + left + right === 0) return viewOf(backend, x, x.shape);
  const size = [batch, height - top - bottom, width - left - right, channels];
  return callKernel('Slice', backend, { x }, { begin: [0, top, left, 0], size });
}
