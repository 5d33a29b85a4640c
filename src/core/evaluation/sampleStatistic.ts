import { macroF1OfCounts } from './classCounts';

/** A figure of a set of samples, which can be taken again of samples drawn from it. */
export interface SampleStatistic {
  /** Of all samples, once each. */
  readonly value: number;
  /** Of samples drawn with replacement: how often each was drawn. */
  ofDrawn(times: Uint32Array): number;
  /** Of all samples but one. */
  without(index: number): number;
}

/** The mean of a number of each sample. */
export function meanStatistic(values: ArrayLike<number>): SampleStatistic {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i] ?? NaN;
  return {
    value: sum / count,
    ofDrawn: (times) => {
      let drawnCount = 0;
      let drawn = 0;
      for (let i = 0; i < count; i++) {
        const weight = times[i] ?? 0;
        if (weight === 0) continue;
        drawnCount += weight;
        drawn += weight * (values[i] ?? NaN);
      }
      return drawn / drawnCount;
    },
    without: (index) => (sum - (values[index] ?? NaN)) / (count - 1),
  };
}

/** `after` minus `before`, of the same samples. */
export function differenceStatistic(
  before: SampleStatistic,
  after: SampleStatistic,
): SampleStatistic {
  return {
    value: after.value - before.value,
    ofDrawn: (times) => after.ofDrawn(times) - before.ofDrawn(times),
    without: (index) => after.without(index) - before.without(index),
  };
}

/** Sums over samples from which a figure follows. */
export interface Sums {
  reset(): void;
  /** Adds a sample as often as `weight` says; -1 takes it away again. */
  add(index: number, weight: number): void;
  /** The figure, of so many samples. */
  current(sampleCount: number): number;
}

/** A statistic that follows from sums, so that leaving out one sample costs no more than that sample. */
export function summedStatistic(sampleCount: number, sums: Sums): SampleStatistic {
  let holdsAll = false;
  const holdAll = (): void => {
    if (holdsAll) return;
    sums.reset();
    for (let i = 0; i < sampleCount; i++) sums.add(i, 1);
    holdsAll = true;
  };
  holdAll();
  return {
    value: sums.current(sampleCount),
    ofDrawn: (times) => {
      holdsAll = false;
      sums.reset();
      let drawnCount = 0;
      for (let i = 0; i < sampleCount; i++) {
        const weight = times[i] ?? 0;
        if (weight === 0) continue;
        drawnCount += weight;
        sums.add(i, weight);
      }
      return sums.current(drawnCount);
    },
    without: (index) => {
      holdAll();
      sums.add(index, -1);
      const found = sums.current(sampleCount - 1);
      sums.add(index, 1);
      return found;
    },
  };
}

/** Macro F1 of predicted against expected classes; a prediction of -1 is none. */
export function macroF1Statistic(
  expected: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): SampleStatistic {
  const right = new Float64Array(classCount);
  const expectedCounts = new Float64Array(classCount);
  const predictedCounts = new Float64Array(classCount);
  return summedStatistic(expected.length, {
    reset: () => {
      for (const counts of [right, expectedCounts, predictedCounts]) counts.fill(0);
    },
    add: (index, weight) => {
      const from = expected[index] ?? -1;
      const to = predicted[index] ?? -1;
      expectedCounts[from] = (expectedCounts[from] ?? 0) + weight;
      if (to >= 0) predictedCounts[to] = (predictedCounts[to] ?? 0) + weight;
      if (from === to) right[from] = (right[from] ?? 0) + weight;
    },
    current: () => macroF1OfCounts({ right, expectedCounts, predictedCounts }),
  });
}
