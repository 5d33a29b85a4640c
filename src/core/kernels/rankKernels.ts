/**
 * The value that would stand at `index` (from 0) if the values were sorted ascending; reorders them.
 * Cost: linear on average. Source: Hoare 1961, algorithm 65 (FIND), with the median of three as pivot.
 * @param values without NaN
 */
export function nthSmallestInPlace(values: Float64Array, index: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >>> 1], values[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left <= right) {
        const value = values[left];
        values[left++] = values[right];
        values[right--] = value;
      }
    }
    if (index <= right) high = right;
    else if (index >= left) low = left;
    else break;
  }
  return values[index];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** How many of values[from] up to, not with, values[to] are below the threshold. */
export function countBelow(
  values: Float64Array,
  threshold: number,
  from: number,
  to: number,
): number {
  let count = 0;
  for (let i = from; i < to; i++) if (values[i] < threshold) count++;
  return count;
}

/** The indices from `from` up to, not with, `to` at which the values equal the threshold. */
export function indicesEqualTo(
  values: Float64Array,
  threshold: number,
  from: number,
  to: number,
): number[] {
  const indices: number[] = [];
  for (let i = from; i < to; i++) if (values[i] === threshold) indices.push(i);
  return indices;
}

/** Appends the finite magnitudes of the scores at `length`; returns the new length. */
export function appendMagnitudes(
  target: Float64Array,
  length: number,
  scores: Float32Array | Float64Array,
): number {
  let end = length;
  for (let i = 0; i < scores.length; i++) {
    const magnitude = Math.abs(scores[i]);
    if (magnitude <= Number.MAX_VALUE) target[end++] = magnitude;
  }
  return end;
}
