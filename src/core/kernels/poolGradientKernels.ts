import type { WindowGeometry } from './windowGeometry';

/**
 * The gradient of maximum pooling: each window's goes to its largest element, the first of several, whatever
 * its sign. A window of NaN alone gives to its first element. Without dilation.
 * @param x of the geometry's input shape; `dy` of its output shape; `dx` is overwritten
 */
export function maxPoolGradient(
  window: WindowGeometry,
  x: Float32Array,
  dy: Float32Array,
  dx: Float32Array,
): void {
  const places = maximumPlaces(window, x, dy.length);
  dx.fill(0);
  for (let at = 0; at < dy.length; at++) {
    if (places[at] !== -1) dx[places[at]] += dy[at];
  }
}

/**
 * How the results of maximum pooling move: as the element does to which {@link maxPoolGradient} gives.
 * @param x and how it moves, of the geometry's input shape; `dy`, of its output shape, is overwritten
 */
export function maxPoolTangent(
  window: WindowGeometry,
  x: Float32Array,
  dx: Float32Array,
  dy: Float32Array,
): void {
  const places = maximumPlaces(window, x, dy.length);
  for (let at = 0; at < dy.length; at++) dy[at] = places[at] === -1 ? 0 : dx[places[at]];
}

/** Where the largest element of each window stands; -1 for a window without elements. */
function maximumPlaces(window: WindowGeometry, x: Float32Array, windows: number): Int32Array {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, channels } = window;
  const places = new Int32Array(windows);
  let at = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * window.strideHeight - window.padTop;
      const bottom = Math.min(inHeight, top + window.filterHeight);
      for (let column = 0; column < outWidth; column++) {
        const left = column * window.strideWidth - window.padLeft;
        const from = Math.max(0, left);
        const end = Math.min(inWidth, left + window.filterWidth);
        for (let channel = 0; channel < channels; channel++, at++) {
          let best = -1;
          let largest = -Infinity;
          for (let i = Math.max(0, top); i < bottom; i++) {
            let place = ((image * inHeight + i) * inWidth + from) * channels + channel;
            for (let j = from; j < end; j++, place += channels) {
              const value = x[place];
              if (value > largest || best === -1) {
                largest = value;
                best = place;
              }
            }
          }
          places[at] = best;
        }
      }
    }
  }
  return places;
}

/**
 * The gradient of average pooling whose averages do not count padding: each window's is shared out among the
 * elements that it really has. Without dilation.
 * @param dy of the geometry's output shape; `dx`, of its input shape, is overwritten
 */
export function averagePoolGradient(
  window: WindowGeometry,
  dy: Float32Array,
  dx: Float32Array,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, channels } = window;
  dx.fill(0);
  let at = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const y = row * window.strideHeight - window.padTop;
      const top = Math.max(0, y);
      const bottom = Math.min(inHeight, y + window.filterHeight);
      for (let column = 0; column < outWidth; column++, at += channels) {
        const x = column * window.strideWidth - window.padLeft;
        const left = Math.max(0, x);
        const right = Math.min(inWidth, x + window.filterWidth);
        const share = 1 / ((bottom - top) * (right - left));
        for (let i = top; i < bottom; i++) {
          let place = ((image * inHeight + i) * inWidth + left) * channels;
          for (let j = left; j < right; j++) {
            for (let channel = 0; channel < channels; channel++) {
              dx[place++] += dy[at + channel] * share;
            }
          }
        }
      }
    }
  }
}
