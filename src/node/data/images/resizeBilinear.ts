import type { ImageWindow, PlainImage } from './fitImage';

/** What one output element takes: weights of input elements from `first` on, which come to 1. */
interface Tap {
  readonly first: number;
  readonly weights: readonly number[];
}

interface ResizeTarget {
  readonly height: number;
  readonly width: number;
  readonly antialias: boolean;
}

/**
 * Resizes a window of a picture, pixels taken as areas (half-pixel centres). With `antialias` the triangle
 * filter widens where the picture gets smaller.
 * Source: tf.image.resize, method bilinear; with antialias Pillow's Image.resize, BILINEAR.
 */
export function resizeBilinear(
  image: PlainImage,
  window: ImageWindow,
  target: ResizeTarget,
): Float32Array {
  const { antialias } = target;
  const columns = tapsOf(
    { start: window.left, length: window.width, size: image.width },
    target.width,
    antialias,
  );
  const rows = tapsOf(
    { start: window.top, length: window.height, size: image.height },
    target.height,
    antialias,
  );
  return resizeRows(resizeColumns(image, columns), rows, target.width * image.channels);
}

interface Axis {
  readonly start: number;
  readonly length: number;
  /** Of the picture: nothing outside counts. */
  readonly size: number;
}

function tapsOf(
  { start, length, size }: Axis,
  outputs: number,
  antialias: boolean,
): readonly Tap[] {
  const scale = length / outputs;
  const reach = antialias ? Math.max(1, scale) : 1;
  return Array.from({ length: outputs }, (_, i) => {
    const centre = start + (i + 0.5) * scale - 0.5;
    return tapAt(centre, reach, { size, clamps: !antialias });
  });
}

/** At the border, either the last element stands for those outside, or what is inside is weighed anew. */
function tapAt(
  centre: number,
  reach: number,
  { size, clamps }: { readonly size: number; readonly clamps: boolean },
): Tap {
  const at = clamps ? Math.min(Math.max(centre, 0), size - 1) : centre;
  const first = Math.max(0, Math.floor(at - reach) + 1);
  const last = Math.min(size - 1, Math.ceil(at + reach) - 1);
  const weights = Array.from(
    { length: Math.max(1, last - first + 1) },
    (_, i) => 1 - Math.abs(first + i - at) / reach,
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

function resizeColumns(
  { height, width, channels, values }: PlainImage,
  columns: readonly Tap[],
): Float64Array {
  const resized = new Float64Array(height * columns.length * channels);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (const { first, weights } of columns) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        let from = (y * width + first) * channels + channel;
        for (const weight of weights) {
          sum += weight * (values[from] ?? 0);
          from += channels;
        }
        resized[at++] = sum;
      }
    }
  }
  return resized;
}

function resizeRows(values: Float64Array, rows: readonly Tap[], rowLength: number): Float32Array {
  const resized = new Float32Array(rows.length * rowLength);
  rows.forEach(({ first, weights }, y) => {
    for (let x = 0; x < rowLength; x++) {
      let sum = 0;
      weights.forEach((weight, i) => {
        sum += weight * (values[(first + i) * rowLength + x] ?? 0);
      });
      resized[y * rowLength + x] = sum;
    }
  });
  return resized;
}
