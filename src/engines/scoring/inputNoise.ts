import type { Dataset } from '../../core/evaluation/dataset';
import type { DenseArray } from '../../core/graph/executor';
import type { JobControl } from '../../core/progress';
import { createRandom, type Random } from '../../core/random';
import { readBatches } from '../jobs/runBatches';

/** The standard deviation of each element of each input over the data; in the order of the inputs. */
export type InputSpreads = readonly Float64Array[];

/** Batches are only read here; smaller ones let a cancel in. */
const BATCH_SAMPLES = 64;

/** One pass over the data: population standard deviations, of differences from the first sample. */
export async function inputSpreads(dataset: Dataset, control: JobControl): Promise<InputSpreads> {
  const sizes = dataset.sampleShapes.map((shape) => shape.reduce((size, n) => size * n, 1));
  const sums = sizes.map((size) => new Float64Array(size));
  const squares = sizes.map((size) => new Float64Array(size));
  let first: readonly Float32Array[] | null = null;
  for await (const { batch } of readBatches(dataset, BATCH_SAMPLES, control)) {
    first ??= batch.inputs.map(({ values }, i) => values.slice(0, sizes[i]));
    batch.inputs.forEach(({ values }, i) => {
      const start = first?.[i] ?? values;
      addDifferences([sums[i] ?? EMPTY, squares[i] ?? EMPTY], values, start);
    });
  }
  const count = dataset.sampleCount;
  return squares.map((own, i) =>
    own.map((square, at) => {
      const mean = (sums[i]?.[at] ?? 0) / count;
      return Math.sqrt(Math.max(0, square / count - mean * mean));
    }),
  );
}

const EMPTY = new Float64Array(0);

function addDifferences(
  [sums, squares]: readonly [Float64Array, Float64Array],
  values: Float32Array,
  start: Float32Array,
): void {
  values.forEach((value, i) => {
    const at = i % sums.length;
    const difference = value - (start[at] ?? 0);
    sums[at] = (sums[at] ?? 0) + difference;
    squares[at] = (squares[at] ?? 0) + difference * difference;
  });
}

/** Which draw of the noise, and how much of it. */
export interface NoiseDraw {
  readonly seed: number;
  readonly draw: number;
  /** Of the batch's first sample among the data. */
  readonly firstSample: number;
  /** The noise's standard deviation, as a share of each input's own. */
  readonly sigma: number;
  /** Inputs that are no real numbers, such as indices, have none. */
  readonly spreads: readonly (Float64Array | null)[];
}

/** Inputs with Gaussian noise. A sample's depends on seed, draw and its own number, not on its batch. */
export function disturbed(
  inputs: readonly DenseArray[],
  { seed, draw, firstSample, sigma, spreads }: NoiseDraw,
): readonly DenseArray[] {
  const samples = inputs[0]?.shape[0] ?? 0;
  const randoms = Array.from({ length: samples }, (_, i) =>
    gaussians(streamOf([seed, draw, firstSample + i])),
  );
  return inputs.map((input, i) => {
    const spread = spreads[i] ?? null;
    if (spread === null) return input;
    const values = input.values.map((value, at) => {
      const next = randoms[Math.floor(at / spread.length)];
      return value + sigma * (spread[at % spread.length] ?? 0) * (next?.() ?? 0);
    });
    return { shape: input.shape, values };
  });
}

/** A stream of its own for each list of numbers. */
function streamOf(numbers: readonly number[]): Random {
  return numbers.reduce<Random>(
    (random, number) => createRandom(random.bits() ^ number),
    createRandom(0),
  );
}

/** Draws from the standard normal distribution. Source: Box and Muller, 1958. */
function gaussians(random: Random): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const drawn = spare;
      spare = null;
      return drawn;
    }
    // In (0, 1], so that its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log((random.bits() + 1) / 2 ** 32));
    const angle = (2 * Math.PI * random.bits()) / 2 ** 32;
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
