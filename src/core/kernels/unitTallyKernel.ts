/** What units give over samples and positions; one entry a unit. */
export interface UnitTallies {
  /** Values seen of each unit. */
  count: number;
  readonly zeros: Float64Array;
  /** Values above zero. */
  readonly positives: Float64Array;
  readonly sums: Float64Array;
  readonly absoluteSums: Float64Array;
  readonly squareSums: Float64Array;
  /** Infinity where nothing was seen. */
  readonly minima: Float64Array;
  readonly maxima: Float64Array;
}

/** Values of units as they lie in memory: element i belongs to unit floor(i / inner) modulo unitCount. */
export interface UnitValues {
  readonly values: ArrayLike<number>;
  readonly inner: number;
  readonly unitCount: number;
}

/** Empty ones, in which no value was seen. */
export function makeUnitTallies(unitCount: number): UnitTallies {
  return {
    count: 0,
    zeros: new Float64Array(unitCount),
    positives: new Float64Array(unitCount),
    sums: new Float64Array(unitCount),
    absoluteSums: new Float64Array(unitCount),
    squareSums: new Float64Array(unitCount),
    minima: new Float64Array(unitCount).fill(Infinity),
    maxima: new Float64Array(unitCount).fill(-Infinity),
  };
}

/** Adds values to the tallies, `weight` times; a negative weight takes away what was added before. */
export function tallyUnitsInPlace(
  tallies: UnitTallies,
  { values, inner, unitCount }: UnitValues,
  weight: number,
): void {
  const { zeros, positives, sums, absoluteSums, squareSums, minima, maxima } = tallies;
  tallies.count += (weight * values.length) / unitCount;
  let at = 0;
  while (at < values.length) {
    for (let unit = 0; unit < unitCount; unit++) {
      for (let i = 0; i < inner; i++) {
        const value = values[at++];
        if (value === 0) zeros[unit] += weight;
        else {
          const size = Math.abs(value);
          if (value > 0) positives[unit] += weight;
          sums[unit] += weight * value;
          absoluteSums[unit] += weight * size;
          squareSums[unit] += weight * value * value;
        }
        if (value < minima[unit]) minima[unit] = value;
        if (value > maxima[unit]) maxima[unit] = value;
      }
    }
  }
}

/** Bins of equal width for each unit. */
export interface UnitHistograms {
  readonly binCount: number;
  /** Unit by unit, `binCount` + 1 each. */
  readonly edges: Float64Array;
  /** Unit by unit, `binCount` each. */
  readonly counts: Float64Array;
}

/**
 * Counts values into bins, `weight` times. A bin holds its lower edge; the last one also its upper edge; what lies
 * outside is not counted. Source: numpy.histogram, which looks once more at the edges beside the bin it computes.
 */
export function countIntoBinsInPlace(
  { binCount, edges, counts }: UnitHistograms,
  { values, inner, unitCount }: UnitValues,
  weight: number,
): void {
  let at = 0;
  while (at < values.length) {
    for (let unit = 0; unit < unitCount; unit++) {
      const first = unit * (binCount + 1);
      const low = edges[first];
      const high = edges[first + binCount];
      const scale = binCount / (high - low);
      for (let i = 0; i < inner; i++) {
        const value = values[at++];
        if (!(value >= low && value <= high)) continue;
        let bin = Math.min(binCount - 1, Math.trunc((value - low) * scale));
        if (value < edges[first + bin]) bin--;
        else if (bin < binCount - 1 && value >= edges[first + bin + 1]) bin++;
        counts[unit * binCount + bin] += weight;
      }
    }
  }
}
