import type * as tf from '@tensorflow/tfjs-core';
import { unreadResult } from './unreadResults';
import { callFunction, type Info, type WasmCall, type WasmKernel } from './wasmKernel';
import { type ConvolutionAttributes, convolutionWindow } from './windows';

/**
 * Where a stride is longer than the filter, the backend's convolutions with padding `same` give zeros. With the
 * same padding written out they are right.
 */
export const samePaddingKernels: readonly WasmKernel[] = [
  { kernelName: 'Conv2D', make: (original) => withPaddingWrittenOut(original, false) },
  {
    kernelName: 'DepthwiseConv2dNative',
    make: (original) => withPaddingWrittenOut(original, true),
  },
];

function withPaddingWrittenOut(original: tf.KernelFunc | null, depthwise: boolean) {
  return ({ inputs, attrs, backend }: WasmCall<'x' | 'filter', ConvolutionAttributes>): Info => {
    if (original === null) throw new Error('the wasm backend has no such convolution');
    if (!depthwise) {
      const { outHeight, outWidth } = convolutionWindow(inputs.x.shape, inputs.filter.shape, attrs);
      const [batch = 1] = inputs.x.shape;
      const filters = inputs.filter.shape[3] ?? 1;
      const room = unreadResult(backend, [batch, outHeight, outWidth, filters]);
      if (room !== null) return room;
    }
    const pad = attrs.pad === 'same' ? sidesOf(inputs, attrs, depthwise) : attrs.pad;
    return callFunction(original, backend, inputs, { ...attrs, pad });
  };
}

/** As TensorFlow pads: evenly, the odd element behind; nothing where the windows leave input out. */
function sidesOf(
  { x, filter }: WasmCall<'x' | 'filter'>['inputs'],
  attrs: ConvolutionAttributes,
  depthwise: boolean,
): [number, number][] {
  const window = convolutionWindow(x.shape, filter.shape, attrs, depthwise);
  return [[0, 0], alongAxis('Height'), alongAxis('Width'), [0, 0]];

  function alongAxis(axis: 'Height' | 'Width'): [number, number] {
    const reach = (window[`filter${axis}`] - 1) * window[`dilation${axis}`] + 1;
    const covered = (window[`out${axis}`] - 1) * window[`stride${axis}`] + reach;
    const total = Math.max(0, covered - window[`in${axis}`]);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
}
