import { addWeightedRow } from '../kernels/weightedRowKernel';
import { type SampleStatistic, summedStatistic } from './sampleStatistic';

/**
 * 1 - squared error / squares about the mean. Of expected numbers that are all the same it is 1 where
 * all are met and 0 where not, as scikit-learn has it.
 */
function r2Of(squaredError: number, spread: number): number {
  if (Number.isNaN(squaredError) || Number.isNaN(spread)) return NaN;
  if (spread > 0) return 1 - squaredError / spread;
  return squaredError === 0 ? 1 : 0;
}

/** Squared errors and squares about the mean of each number of an output, summed as samples come by. */
export class R2Meter {
  #count = 0;
  readonly #means: Float64Array;
  readonly #spreads: Float64Array;
  readonly #errors: Float64Array;

  constructor(readonly width: number) {
    this.#means = new Float64Array(width);
    this.#spreads = new Float64Array(width);
    this.#errors = new Float64Array(width);
  }

  /** Welford's update, 1962: no digits are lost where the mean is far from 0. */
  add(found: ArrayLike<number>, expected: ArrayLike<number>): void {
    this.#count += 1;
    for (let i = 0; i < this.width; i++) {
      const value = expected[i] ?? NaN;
      const away = value - (this.#means[i] ?? 0);
      const mean = (this.#means[i] ?? 0) + away / this.#count;
      this.#means[i] = mean;
      this.#spreads[i] = (this.#spreads[i] ?? 0) + away * (value - mean);
      this.#errors[i] = (this.#errors[i] ?? 0) + ((found[i] ?? NaN) - value) ** 2;
    }
  }

  result(): { readonly mean: number; readonly perOutput: readonly number[] } {
    const perOutput = Array.from(this.#errors, (error, i) => r2Of(error, this.#spreads[i] ?? NaN));
    return { mean: perOutput.reduce((sum, one) => sum + one, 0) / this.width, perOutput };
  }
}

/** Squared errors and expected numbers, sample by sample, with `width` numbers each. */
export interface ValuePairs {
  readonly width: number;
  readonly squaredErrors: Float64Array;
  readonly expected: Float64Array;
}

/** The mean R² over the numbers of an output. */
export function r2Statistic({ width, squaredErrors, expected }: ValuePairs): SampleStatistic {
  // About their means, so that the sums of squares keep their digits when a sample is taken out.
  const values = centeredColumns(expected, width);
  const squares = values.map((value) => value ** 2);
  const sums = { values: new Float64Array(width), squares: new Float64Array(width) };
  const errors = new Float64Array(width);
  return summedStatistic(expected.length / width, {
    reset: () => {
      for (const sum of [sums.values, sums.squares, errors]) sum.fill(0);
    },
    add: (index, weight) => {
      addWeightedRow(sums.values, values, index, weight);
      addWeightedRow(sums.squares, squares, index, weight);
      addWeightedRow(errors, squaredErrors, index, weight);
    },
    current: (count) => {
      let sum = 0;
      for (let i = 0; i < width; i++) {
        const spread = (sums.squares[i] ?? NaN) - (sums.values[i] ?? NaN) ** 2 / count;
        sum += r2Of(errors[i] ?? NaN, spread);
      }
      return sum / width;
    },
  });
}

function centeredColumns(values: Float64Array, width: number): Float64Array {
  const count = values.length / width;
  const means = new Float64Array(width);
  values.forEach((value, i) => {
    means[i % width] = (means[i % width] ?? 0) + value / count;
  });
  return values.map((value, i) => value - (means[i % width] ?? 0));
}
