/** Where the values of a channel lie: element i belongs to channel floor(i / inner) modulo the number of sums. */
export interface ChannelValues {
  readonly values: ArrayLike<number>;
  readonly inner: number;
}

/** Adds each value's square, `weight` times, to the sum of its channel. */
export function addSquaresInPlace(
  sums: Float64Array,
  { values, inner }: ChannelValues,
  weight: number,
): void {
  if (inner === 1) {
    addRowsInPlace(sums, values, weight);
    return;
  }
  let at = 0;
  while (at < values.length) {
    for (let channel = 0; channel < sums.length; channel++) {
      let sum = 0;
      for (let i = 0; i < inner; i++) {
        const value = values[at++];
        sum += value * value;
      }
      sums[channel] += weight * sum;
    }
  }
}

function addRowsInPlace(sums: Float64Array, values: ArrayLike<number>, weight: number): void {
  let at = 0;
  while (at < values.length) {
    for (let channel = 0; channel < sums.length; channel++) {
      const value = values[at++];
      sums[channel] += weight * value * value;
    }
  }
}

/** Counts indices, `weight` times each; negative ones count from the end. */
export function countIndicesInPlace(
  counts: Float64Array,
  indices: ArrayLike<number>,
  weight: number,
): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    const place = index < 0 ? index + counts.length : index;
    if (place >= 0 && place < counts.length) counts[place] += weight;
  }
}

/** Puts each sum `repeat` times in a row, and all of them again and again until the target is full. */
export function repeatSums(target: Float64Array, sums: Float64Array, repeat: number): void {
  let at = 0;
  while (at < target.length) {
    for (let channel = 0; channel < sums.length; channel++) {
      const sum = sums[channel];
      for (let i = 0; i < repeat; i++) target[at++] = sum;
    }
  }
}

/** Weights become their magnitudes times the roots of the squares. */
export function timesRootsInPlace(
  weights: Float32Array | Float64Array,
  squares: Float64Array,
): void {
  for (let i = 0; i < weights.length; i++) {
    weights[i] = Math.abs(weights[i]) * Math.sqrt(squares[i]);
  }
}
