import type { ResizeOperator } from '../../../core/graph/operators/shape';

/** One axis on its way to another size. */
export interface AxisResize {
  readonly inputSize: number;
  readonly outputSize: number;
  /** As the file says it; null: the quotient of the sizes. */
  readonly scale: number | null;
}

/**
 * Where an output element lies in the input. A scale of the file is a float32, and is divided by in float32
 * as runtimes do: 17 / 1.7f is 10, though 1.7f is above 1.7. Source: ONNX Resize, coordinate_transformation_mode.
 */
function sourceOf(
  coordinates: ResizeOperator['coordinates'],
  place: number,
  { inputSize, outputSize, scale }: AxisResize,
): number {
  // A product before the division keeps whole places whole.
  const divided = (x: number): number =>
    scale === null ? (x * inputSize) / outputSize : Math.fround(x / Math.fround(scale));
  switch (coordinates) {
    case 'halfPixel':
      return divided(place + 0.5) - 0.5;
    case 'pytorchHalfPixel':
      return outputSize > 1 ? divided(place + 0.5) - 0.5 : 0;
    case 'asymmetric':
      return divided(place);
    case 'alignCorners':
      return outputSize === 1 ? 0 : (place * (inputSize - 1)) / (outputSize - 1);
    case 'halfPixelSymmetric': {
      // Every step in the same precision: an exact offset beside a rounded quotient would tip whole places over.
      const kept = scale === null ? (x: number): number => x : Math.fround;
      const exact = scale === null ? outputSize : kept(kept(scale) * inputSize);
      const offset = kept((inputSize / 2) * kept(1 - kept(outputSize / exact)));
      return kept(kept(offset + divided(place + 0.5)) - 0.5);
    }
  }
}

/** For each output element the input element it takes. */
export function nearestPlaces(operator: ResizeOperator, sizes: AxisResize): readonly number[] {
  return Array.from({ length: sizes.outputSize }, (_, place) =>
    clamped(rounded(operator.rounding, sourceOf(operator.coordinates, place, sizes)), sizes),
  );
}

function rounded(rounding: ResizeOperator['rounding'], x: number): number {
  switch (rounding) {
    case 'roundPreferFloor':
      return Math.ceil(x - 0.5);
    case 'roundPreferCeil':
      return Math.floor(x + 0.5);
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
  }
}

function clamped(place: number, { inputSize }: AxisResize): number {
  return Math.min(Math.max(place, 0), inputSize - 1);
}

/** [outputSize, inputSize]: what of each input element is in each output element; the edge goes on outside. */
export function linearWeights(operator: ResizeOperator, sizes: AxisResize): Float32Array {
  return weightsOf(operator, sizes, (fraction) => [
    [0, 1 - fraction],
    [1, fraction],
  ]);
}

/** As {@link linearWeights}. Source: Keys, Cubic convolution interpolation, 1981. */
export function cubicWeights(operator: ResizeOperator, sizes: AxisResize): Float32Array {
  const a = operator.cubicCoefficient;
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return weightsOf(operator, sizes, (fraction) => [
    [-1, far(1 + fraction)],
    [0, near(fraction)],
    [1, near(1 - fraction)],
    [2, far(2 - fraction)],
  ]);
}

type Share = readonly [offset: number, weight: number];

function weightsOf(
  operator: ResizeOperator,
  sizes: AxisResize,
  sharesAt: (fraction: number) => readonly Share[],
): Float32Array {
  const { inputSize, outputSize } = sizes;
  const weights = new Float32Array(outputSize * inputSize);
  for (let place = 0; place < outputSize; place++) {
    const source = sourceOf(operator.coordinates, place, sizes);
    const base = Math.floor(source);
    for (const [offset, weight] of sharesAt(source - base)) {
      const at = place * inputSize + clamped(base + offset, sizes);
      weights[at] = (weights[at] ?? 0) + weight;
    }
  }
  return weights;
}
