import type { WindowGeometry } from './windowGeometry';

/**
 * The gradient of a depthwise convolution with respect to its filter, summed in float64.
 * @param multiplier outputs a channel
 * @param dy [batch, outHeight, outWidth, channels * multiplier]
 * @returns [filterHeight, filterWidth, channels, multiplier]
 */
export function depthwiseFilterGradient(
  window: WindowGeometry,
  multiplier: number,
  x: Float32Array,
  dy: Float32Array,
): Float64Array {
  const { filterHeight, filterWidth, channels } = window;
  const sums = new Float64Array(filterHeight * filterWidth * channels * multiplier);
  forEachTap(window, (tap, input, output) => {
    let at = tap * channels * multiplier;
    let from = output * channels * multiplier;
    const place = input * channels;
    for (let channel = 0; channel < channels; channel++) {
      const value = x[place + channel];
      for (let m = 0; m < multiplier; m++) sums[at++] += value * dy[from++];
    }
  });
  return sums;
}

/**
 * The gradient of a depthwise convolution with respect to its input.
 * @param filter [filterHeight, filterWidth, channels, multiplier]
 * @param dy [batch, outHeight, outWidth, channels * multiplier]; `dx`, of the input's shape, is overwritten
 */
export function depthwiseInputGradient(
  window: WindowGeometry,
  multiplier: number,
  { filter, dy }: { readonly filter: Float32Array; readonly dy: Float32Array },
  dx: Float32Array,
): void {
  const { channels } = window;
  dx.fill(0);
  forEachTap(window, (tap, input, output) => {
    let at = tap * channels * multiplier;
    let from = output * channels * multiplier;
    const place = input * channels;
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let m = 0; m < multiplier; m++) sum += filter[at++] * dy[from++];
      dx[place + channel] += sum;
    }
  });
}

/**
 * Each place of a filter with each pixel it meets. `tap` counts places of the filter, `input` and `output` pixels
 * of all images, in C order.
 */
function forEachTap(
  window: WindowGeometry,
  visit: (tap: number, input: number, output: number) => void,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = window;
  const { strideWidth, dilationWidth, padLeft } = window;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let i = 0; i < filterHeight; i++) {
        const y = row * window.strideHeight - window.padTop + i * window.dilationHeight;
        if (y < 0 || y >= inHeight) continue;
        const inputRow = (image * inHeight + y) * inWidth;
        const outputRow = (image * outHeight + row) * outWidth;
        for (let j = 0; j < filterWidth; j++) {
          const offset = j * dilationWidth - padLeft;
          const first = Math.max(0, Math.ceil(-offset / strideWidth));
          const end = Math.min(outWidth, Math.floor((inWidth - 1 - offset) / strideWidth) + 1);
          for (let column = first; column < end; column++) {
            visit(
              i * filterWidth + j,
              inputRow + column * strideWidth + offset,
              outputRow + column,
            );
          }
        }
      }
    }
  }
}
