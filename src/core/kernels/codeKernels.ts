/** Which index of an axis a stored element has: floor(element / inner) modulo the axis's length. */
export interface AxisPlace {
  /** The storage index of the chunk's first element. */
  readonly firstElement: number;
  readonly inner: number;
}

/**
 * target[i] = (codes[i] - zeroPoint) * scale, each with the scale and zero point of its index along
 * the axis; one of each stands for all.
 */
export function realValues(
  codes: Int32Array,
  affine: { readonly scales: Float64Array; readonly zeroPoints: Float64Array },
  place: AxisPlace,
  target: Float64Array,
): void {
  const { scales, zeroPoints } = affine;
  const { inner } = place;
  const count = scales.length;
  let { index, untilNext } = startOf(place, count, codes.length);
  for (let i = 0; i < codes.length; i++) {
    target[i] = (codes[i] - zeroPoints[index]) * scales[index];
    if (--untilNext === 0) {
      untilNext = inner;
      index = index + 1 === count ? 0 : index + 1;
    }
  }
}

/** Where on the axis a chunk begins; with a single index all elements are its. */
function startOf(
  { firstElement, inner }: AxisPlace,
  count: number,
  length: number,
): { readonly index: number; readonly untilNext: number } {
  if (count === 1) return { index: 0, untilNext: length + 1 };
  return {
    index: Math.floor(firstElement / inner) % count,
    untilNext: inner - (firstElement % inner),
  };
}

/** Anything that integer codes, or their values, are kept in. */
export type CodeArray =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array | Float64Array;

/** stored[i] = the zero code of its index along the axis, wherever values[i] is zero. */
export function writeZeroCodesInPlace(
  stored: CodeArray,
  values: Float32Array | Float64Array,
  zeroCodes: Float64Array,
  place: AxisPlace,
): void {
  const { inner } = place;
  const count = zeroCodes.length;
  let { index, untilNext } = startOf(place, count, stored.length);
  for (let i = 0; i < stored.length; i++) {
    if (values[i] === 0) stored[i] = zeroCodes[index];
    if (--untilNext === 0) {
      untilNext = inner;
      index = index + 1 === count ? 0 : index + 1;
    }
  }
}

/** What real numbers become integer codes by, and the range of those. */
export interface CodeGrid {
  readonly scales: Float64Array;
  readonly zeroPoints: Float64Array;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * target[i] = the code whose real value is nearest to values[i], by the scale and zero point of its index along the
 * axis, within the range of codes. Halfway goes up.
 */
export function nearestCodes(
  values: Float64Array,
  { scales, zeroPoints, lowest, highest }: CodeGrid,
  place: AxisPlace,
  target: Float64Array,
): void {
  const count = scales.length;
  let { index, untilNext } = startOf(place, count, values.length);
  for (let i = 0; i < values.length; i++) {
    const code = Math.round(values[i] / scales[index]) + zeroPoints[index];
    target[i] = Math.max(lowest, Math.min(highest, code));
    if (--untilNext === 0) {
      untilNext = place.inner;
      index = index + 1 === count ? 0 : index + 1;
    }
  }
}
