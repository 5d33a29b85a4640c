import { addBitHistogramInPlace, BIT_BINS, countEqualBins } from '../kernels/bitHistogramKernel';
import { addMomentsInPlace, emptyMoments, type Moments } from '../kernels/momentsKernel';
import { decodeValues, isNumeric, makeDecodeScratch, type Values } from '../model/decodeValues';
import { type Model, storedByteLength, type TensorEntry } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import { type JobControl, throwIfCancelled } from '../progress';
import { distributionOfValues } from './distributionOfValues';
import { equalEdges } from './equalEdges';
import { distributionFromBits, histogramFromBits } from './bitHistogram';
import type { Distribution, Histogram, TensorStatistics } from './tensorStatistics';

export interface MeasuredTensor {
  readonly tensor: TensorEntry;
  /** null for elements without one real value (text, complex, structured). */
  readonly statistics: TensorStatistics | null;
  readonly distribution: Distribution | null;
}

const HISTOGRAM_BINS = 64;
/** Far fewer than a chunk of any type holds. */
const MOST_SMALL_ELEMENTS = 4096;

/** How a pass goes through a model. */
export interface StatisticsOptions {
  /** The tensors in the order in which they are measured, taken one by one; by default the file's. */
  readonly order?: Iterable<TensorEntry>;
  /** Told the values as they stream by, in storage order; they are only valid during the call. */
  readonly onValues?: (tensor: TensorEntry, values: Values, firstElement: number) => void;
}

/**
 * Statistics, histogram and distribution of every tensor, in one streamed pass over the file.
 * Space: two chunks and one histogram of 65,536 bins.
 * @throws CancelledError; FormatError, IoError as the byte sources do.
 */
export async function* readTensorStatistics(
  model: Model,
  control: JobControl,
  options: StatisticsOptions = {},
): AsyncGenerator<MeasuredTensor, void, undefined> {
  const pass = new StatisticsPass(model, control, options.onValues);
  for (const tensor of options.order ?? model.tensors) yield await pass.measure(tensor);
}

class StatisticsPass {
  private readonly streamer: TensorStreamer;
  private readonly scratch = makeDecodeScratch();
  private readonly rounded = new Float32Array(8192);
  private readonly bins = new Uint32Array(BIT_BINS);
  private readonly totalBytes: number;
  private doneBytes = 0;

  constructor(
    model: Model,
    private readonly control: JobControl,
    private readonly onValues: StatisticsOptions['onValues'],
  ) {
    this.streamer = new TensorStreamer(model);
    this.totalBytes = model.tensors.reduce((sum, tensor) => sum + byteLengthOf(tensor), 0);
  }

  async measure(tensor: TensorEntry): Promise<MeasuredTensor> {
    if (!isNumeric(tensor.dtype)) {
      this.advance(tensor, byteLengthOf(tensor));
      return { tensor, statistics: null, distribution: null };
    }
    if (tensor.elementCount <= MOST_SMALL_ELEMENTS) return this.measureSmall(tensor);
    const moments = emptyMoments();
    let zeros = 0;
    let exact: Histogram | null = null;
    this.bins.fill(0);
    for await (const chunk of this.streamer.chunks(tensor)) {
      throwIfCancelled(this.control.signal);
      const values = decodeValues(tensor, chunk.bytes, this.scratch, chunk.elementCount);
      addMomentsInPlace(moments, values);
      this.onValues?.(tensor, values, chunk.firstElement);
      zeros += addBitHistogramInPlace(this.bins, values, this.rounded);
      // All values are at hand once: count them exactly instead of by the bits.
      if (chunk.elementCount === tensor.elementCount) exact = exactHistogram(values, moments);
      this.advance(tensor, chunk.bytes.length);
    }
    const histogram = exact ?? histogramFromBits(this.bins, moments, HISTOGRAM_BINS);
    return {
      tensor,
      statistics: toStatistics(tensor, moments, { zeros, histogram }),
      distribution: distributionFromBits(this.bins, moments, zeros),
    };
  }

  /** A tensor of one chunk, whose values are sorted: going through all bins would take longer. */
  private async measureSmall(tensor: TensorEntry): Promise<MeasuredTensor> {
    const moments = emptyMoments();
    let zeros = 0;
    let histogram: Histogram = { edges: [], counts: [] };
    let distribution: Distribution | null = null;
    for await (const chunk of this.streamer.chunks(tensor)) {
      throwIfCancelled(this.control.signal);
      const values = decodeValues(tensor, chunk.bytes, this.scratch, chunk.elementCount);
      addMomentsInPlace(moments, values);
      this.onValues?.(tensor, values, chunk.firstElement);
      histogram = exactHistogram(values, moments);
      distribution = distributionOfValues(values);
      for (const value of values) if (value === 0) zeros++;
      this.advance(tensor, chunk.bytes.length);
    }
    return {
      tensor,
      statistics: toStatistics(tensor, moments, { zeros, histogram }),
      distribution,
    };
  }

  private advance(tensor: TensorEntry, byteLength: number): void {
    this.doneBytes += byteLength;
    this.control.report({
      phase: 'statistics',
      done: this.doneBytes,
      total: this.totalBytes,
      item: tensor.name,
    });
  }
}

function byteLengthOf(tensor: TensorEntry): number {
  return storedByteLength(tensor);
}

function exactHistogram(values: Float32Array | Float64Array, moments: Moments): Histogram {
  const { min, max } = moments;
  if (moments.count === 0) return { edges: [], counts: [] };
  const counts = new Uint32Array(HISTOGRAM_BINS);
  countEqualBins(values, counts, { min, max });
  return { edges: equalEdges(min, max, HISTOGRAM_BINS), counts: [...counts] };
}

function toStatistics(
  tensor: TensorEntry,
  moments: Moments,
  { zeros, histogram }: Pick<TensorStatistics, 'zeros' | 'histogram'>,
): TensorStatistics {
  const { count, nonFinite, min, max, mean, squaredDeviations, l1, sumOfSquares } = moments;
  const empty = count === 0;
  return {
    count: tensor.elementCount,
    min: empty ? null : min,
    max: empty ? null : max,
    mean: empty ? null : mean,
    std: empty ? null : Math.sqrt(squaredDeviations / count),
    zeros,
    nonFinite,
    l1,
    l2: Math.sqrt(sumOfSquares),
    histogram,
  };
}
