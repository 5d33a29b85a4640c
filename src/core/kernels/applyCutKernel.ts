/** What goes in one chunk; see TensorCut. */
export interface CutKernelOptions {
  readonly threshold: number;
  /** The storage index of the chunk's first element. */
  readonly firstElement: number;
  /** Elements equal to the threshold go while their flat index is below this. */
  readonly tieLimit: number;
  /** Flat index of a storage index; null where both are the same. */
  readonly flatIndexOf: ((storageIndex: number) => number) | null;
}

/** Anything whose elements become zero by assigning 0. */
export type ZeroableArray = Float32Array | Float64Array | Uint16Array | Uint8Array;

/**
 * Sets to zero the stored elements whose |score| is below the threshold, or equal to it and before
 * the tie limit. NaN and infinite scores stay. `stored` and `scores` may be the same array.
 */
export function applyThresholdInPlace(
  stored: ZeroableArray,
  scores: Float32Array | Float64Array,
  options: CutKernelOptions,
): void {
  if (scores instanceof Float32Array) applyFloat32(stored, scores, options);
  else applyFloat64(stored, scores, options);
}

// Two copies of one loop: a loop that sees both array types is several times slower in V8.
function applyFloat32(
  stored: ZeroableArray,
  scores: Float32Array,
  options: CutKernelOptions,
): void {
  const { threshold, firstElement, tieLimit, flatIndexOf } = options;
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude < threshold) stored[i] = 0;
    else if (magnitude === threshold) {
      const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
      if (index < tieLimit) stored[i] = 0;
    }
  }
}

function applyFloat64(
  stored: ZeroableArray,
  scores: Float64Array,
  options: CutKernelOptions,
): void {
  const { threshold, firstElement, tieLimit, flatIndexOf } = options;
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude < threshold) stored[i] = 0;
    else if (magnitude === threshold) {
      const index = flatIndexOf === null ? firstElement + i : flatIndexOf(firstElement + i);
      if (index < tieLimit) stored[i] = 0;
    }
  }
}

/**
 * Sets to zero the finite elements of the units flagged in `unitFlags`: the unit of storage index i
 * is floor(i / inner) modulo unitFlags.length.
 */
export function zeroUnitsInPlace(
  stored: ZeroableArray,
  scores: Float32Array | Float64Array,
  units: { readonly firstElement: number; readonly inner: number; readonly unitFlags: Uint8Array },
): void {
  const { firstElement, inner, unitFlags } = units;
  let unit = Math.floor(firstElement / inner) % unitFlags.length;
  let untilNext = inner - (firstElement % inner);
  for (let i = 0; i < stored.length; i++) {
    if (unitFlags[unit] !== 0 && Number.isFinite(scores[i])) stored[i] = 0;
    if (--untilNext === 0) {
      untilNext = inner;
      unit = unit + 1 === unitFlags.length ? 0 : unit + 1;
    }
  }
}
