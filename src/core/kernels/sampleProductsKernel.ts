/** Where the samples and the units of an array in C order stand: those of element i. */
export interface SampleUnits {
  /** Sample floor(i / sampleInner) modulo sampleCount. */
  readonly sampleInner: number;
  readonly sampleCount: number;
  /** Unit floor(i / unitInner) modulo unitCount. */
  readonly unitInner: number;
  readonly unitCount: number;
}

/** Adds the products of two arrays up, sample by sample and unit by unit. @param sums [samples, units] */
export function addSampleProductsInPlace(
  sums: Float64Array,
  { sampleInner, sampleCount, unitInner, unitCount }: SampleUnits,
  a: Float32Array,
  b: Float32Array,
): void {
  for (let i = 0; i < a.length; i++) {
    const sample = Math.floor(i / sampleInner) % sampleCount;
    const unit = Math.floor(i / unitInner) % unitCount;
    sums[sample * unitCount + unit] += a[i] * b[i];
  }
}
