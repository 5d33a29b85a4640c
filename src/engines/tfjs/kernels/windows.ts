import { backend_util } from '@tensorflow/tfjs-core';
import type { WindowGeometry } from '../../../core/kernels/windowGeometry';

type ImageTuple = [number, number, number, number];
type PairOrOne = number | [number, number];
type Padding = Parameters<typeof backend_util.computeConv2DInfo>[4];
type Rounding = 'floor' | 'round' | 'ceil';

/** What the engine's convolution kernels are told; dilations only where they can be. */
export interface ConvolutionAttributes {
  readonly strides: PairOrOne;
  readonly dilations?: PairOrOne;
  readonly pad: Padding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: Rounding;
}

/** What the engine's pooling kernels are told. */
export interface PoolAttributes {
  readonly filterSize: PairOrOne;
  readonly strides: PairOrOne;
  readonly pad: Padding;
  readonly dimRoundingMode?: Rounding;
}

/** @throws Error for channels first, which the wasm backend does not have. */
export function convolutionWindow(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
  depthwise = false,
): WindowGeometry {
  const { strides, dilations, pad, dataFormat, dimRoundingMode } = attributes;
  if (dataFormat === 'NCHW') throw new Error('convolutions run with channels last');
  const info = backend_util.computeConv2DInfo(
    [...inputShape] as ImageTuple,
    [...filterShape] as ImageTuple,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  const { padInfo, inChannels, ...sizes } = info;
  return { ...sizes, padTop: padInfo.top, padLeft: padInfo.left, channels: inChannels };
}

/** Of a pool without dilation. */
export function poolWindow(
  inputShape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): WindowGeometry {
  const info = backend_util.computePool2DInfo(
    [...inputShape] as ImageTuple,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const { padInfo, inChannels, ...sizes } = info;
  return { ...sizes, padTop: padInfo.top, padLeft: padInfo.left, channels: inChannels };
}
