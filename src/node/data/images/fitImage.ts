import type { ImageChoice } from '../../../core/recipe/recipe';
import type { DecodedImage } from './decodeImage';
import { resizeBilinear } from './resizeBilinear';

/** What every picture is brought to. */
export interface ImageTarget {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  readonly resize: NonNullable<ImageChoice['resize']>;
  readonly antialias: boolean;
}

/** Numbers of a picture, channels last, on a scale of 0 to 255. */
export interface PlainImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float32Array;
}

/** Brings a picture to channels and size, in this order; values stay between 0 and 255. */
export function fitImage(image: DecodedImage, target: ImageTarget): Float32Array {
  const plain = withChannels(image, target.channels);
  if (plain.height === target.height && plain.width === target.width) return plain.values;
  const window = target.resize === 'crop' ? middleWindow(plain, target) : wholeOf(plain);
  return resizeBilinear(plain, window, target);
}

/** The part of a picture that is kept, in its own pixels, fractions too. */
export interface ImageWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

function wholeOf({ height, width }: PlainImage): ImageWindow {
  return { top: 0, left: 0, height, width };
}

/** The largest window of the target's proportions, in the middle. */
function middleWindow(image: PlainImage, target: ImageTarget): ImageWindow {
  const scale = Math.min(image.height / target.height, image.width / target.width);
  const height = target.height * scale;
  const width = target.width * scale;
  return { top: (image.height - height) / 2, left: (image.width - width) / 2, height, width };
}

/** Alpha is left out or added as opaque; colours become grey by ITU-R 601-2, rounded, as Pillow does. */
function withChannels(image: DecodedImage, channels: 1 | 3 | 4): PlainImage {
  const { width, height, samples, channels: found } = image;
  // 16 bits on the scale of 8, without losing the lower ones.
  const scale = samples instanceof Uint16Array ? 1 / 257 : 1;
  const values = new Float32Array(width * height * channels);
  const alpha = found === 2 || found === 4 ? found - 1 : null;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = pixel * found;
    const to = pixel * channels;
    const sample = (channel: number) => (samples[from + channel] ?? 0) * scale;
    const colour = (channel: number) => sample(found < 3 ? 0 : channel);
    if (channels === 1) {
      values[to] = found < 3 ? sample(0) : luma(colour(0), colour(1), colour(2));
      continue;
    }
    for (let channel = 0; channel < 3; channel++) values[to + channel] = colour(channel);
    if (channels === 4) values[to + 3] = alpha === null ? 255 : sample(alpha);
  }
  return { width, height, channels, values };
}

function luma(red: number, green: number, blue: number): number {
  return Math.floor((red * 19595 + green * 38470 + blue * 7471 + 0x8000) / 0x10000);
}
