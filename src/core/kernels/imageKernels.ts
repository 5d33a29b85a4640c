/** Of an image: [batch, height, width, channels]. */
export interface ImageShape {
  readonly batchSize: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Zeros between neighbouring pixels, `strideHeight - 1` and `strideWidth - 1` of them.
 * @param target [batch, (height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1, channels], overwritten
 */
export function spreadPixels(
  source: Float32Array,
  { batchSize, height, width, channels }: ImageShape,
  { strideHeight, strideWidth }: { readonly strideHeight: number; readonly strideWidth: number },
  target: Float32Array,
): void {
  const wideHeight = (height - 1) * strideHeight + 1;
  const wideWidth = (width - 1) * strideWidth + 1;
  target.fill(0);
  let from = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < height; row++) {
      let to = (image * wideHeight + row * strideHeight) * wideWidth * channels;
      for (let column = 0; column < width; column++) {
        for (let channel = 0; channel < channels; channel++) target[to + channel] = source[from++];
        to += strideWidth * channels;
      }
    }
  }
}

/** Of a filter: [height, width, inputs, outputs]. */
export interface FilterShape {
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** The filter turned by 180°, inputs and outputs exchanged. @param target [height, width, outputs, inputs] */
export function turnFilter(
  source: Float32Array,
  { height, width, inputs, outputs }: FilterShape,
  target: Float32Array,
): void {
  const places = height * width;
  let from = 0;
  for (let place = 0; place < places; place++) {
    const turned = (places - 1 - place) * inputs * outputs;
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        target[turned + output * inputs + input] = source[from++];
      }
    }
  }
}
