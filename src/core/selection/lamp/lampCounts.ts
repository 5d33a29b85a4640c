import {
  addSquaresInPlace,
  binEnds,
  countMagnitudesInPlace,
  finiteBins,
  refineSquaresInPlace,
  SQUARE_BINS,
} from '../../kernels/lampKernels';
import type { Model, TensorEntry } from '../../model/model';
import type { ScoreShares } from '../scoreSource';
import { magnitudeScores, type ScoreTensor } from '../scoreTensor';
import type { OnChunk } from '../selection';
import { LampLayer, type LampRuns } from './lampLayer';
import { scoreOfRank } from './staircase';

/** What goes by LAMP score: so many of the smallest over all layers, or all up to a threshold. */
export type LampTarget =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'threshold'; readonly threshold: number };

/** Weights that are looked at one by one; above, the parts that hold them are parted once more. */
const MAX_CANDIDATES = 1 << 16;
/** Parts of a range, and how often ranges are parted: 2^80 parts are finer than doubles. */
const PARTS = 1 << 10;
const MAX_DEPTH = 8;

/**
 * How many weights of each layer go by their LAMP scores, found in a stream: in a layer scores rise with |w|, so
 * bins of magnitudes with their sums of squares bound the scores of what they hold. The bins that may hold the
 * threshold are parted until few weights are left, and those are ranked exactly. Ties over layers go by
 * layer order. Three passes or four; 16 bytes a bin that is not empty, at most 65,536 a layer.
 */
export async function lampCounts(
  model: Model,
  tensors: readonly TensorEntry[],
  target: LampTarget,
  onChunk: OnChunk,
): Promise<ScoreShares> {
  return new LampNarrowing(magnitudeScores(model, tensors), target, onChunk).find();
}

class LampNarrowing {
  private layers: readonly LampLayer[] = [];

  constructor(
    private readonly weights: readonly ScoreTensor[],
    private readonly target: LampTarget,
    private readonly onChunk: OnChunk,
  ) {}

  async find(): Promise<ScoreShares> {
    const layers: LampLayer[] = [];
    for (const one of this.weights) layers.push(new LampLayer(await this.binned(one), 0, 0));
    this.layers = layers;
    const rank = this.rank();
    if (rank === 0) return { counts: layers.map(() => 0), threshold: null };
    this.narrow();
    for (let depth = 1; this.candidateCount() > MAX_CANDIDATES && depth < MAX_DEPTH; depth++) {
      await this.renew((one, layer) => this.parted(one, layer));
      this.narrow();
    }
    await this.renew((one, layer) => this.equalRuns(one, layer));
    return this.ranked();
  }

  /** Of the last weight that goes, from 1; null where a threshold tells it. */
  private rank(): number | null {
    if (this.target.kind === 'threshold') return null;
    const finite = this.layers.reduce((sum, layer) => sum + layer.below + layer.count, 0);
    return Math.min(Math.max(0, this.target.count), finite);
  }

  private candidateCount(): number {
    return this.layers.reduce((sum, layer) => sum + layer.count, 0);
  }

  private narrow(): void {
    const [low, high] = this.bounds();
    this.layers = this.layers.map((layer) => layer.narrowed(low, high));
  }

  /** Between which scores the threshold lies. */
  private bounds(): readonly [number, number] {
    if (this.target.kind === 'threshold') return [this.target.threshold, this.target.threshold];
    const rank = this.rank() ?? 0;
    const settled = this.layers.reduce((sum, layer) => sum + layer.below, 0);
    const ends = [
      this.layers.map((layer) => layer.lowerBounds()),
      this.layers.map((layer) => layer.upperBounds()),
    ];
    const [low = 0, high = 1] = ends.map((stairs) =>
      scoreOfRank(rank - settled, (score) =>
        stairs.reduce((sum, one) => sum + one.countUpTo(score), 0),
      ),
    );
    return [low, high];
  }

  private async renew(
    runsOf: (one: ScoreTensor, layer: LampLayer) => Promise<LampRuns>,
  ): Promise<void> {
    const layers: LampLayer[] = [];
    for (const [i, layer] of this.layers.entries()) {
      const one = this.weights[i];
      const isSettled = one === undefined || layer.range === null;
      layers.push(isSettled ? layer : layer.withRuns(await runsOf(one, layer)));
    }
    this.layers = layers;
  }

  private async binned(one: ScoreTensor): Promise<LampRuns> {
    const bins = { counts: new Uint32Array(SQUARE_BINS), sums: new Float64Array(SQUARE_BINS) };
    for await (const { scores } of one.chunks()) {
      addSquaresInPlace(bins, scores);
      this.onChunk(scores.length);
    }
    const end = finiteBins(one.inFloat64);
    const filled = filledBins(bins.counts.subarray(0, end));
    const ends = Array.from(filled, (bin) => binEnds(bin, one.inFloat64));
    return {
      lows: Float64Array.from(ends, ([low]) => low),
      highs: Float64Array.from(ends, ([, high]) => high),
      counts: Float64Array.from(filled, (bin) => bins.counts[bin] ?? 0),
      sums: Float64Array.from(filled, (bin) => bins.sums[bin] ?? 0),
    };
  }

  private async parted(one: ScoreTensor, layer: LampLayer): Promise<LampRuns> {
    const bins = {
      counts: new Uint32Array(PARTS),
      sums: new Float64Array(PARTS),
      lows: new Float64Array(PARTS).fill(Infinity),
      highs: new Float64Array(PARTS),
    };
    const range = layer.range ?? { low: Infinity, high: 0 };
    for await (const { scores } of one.chunks()) {
      refineSquaresInPlace(bins, scores, range);
      this.onChunk(scores.length);
    }
    const filled = filledBins(bins.counts);
    const picked = (values: ArrayLike<number>): Float64Array =>
      Float64Array.from(filled, (bin) => values[bin] ?? 0);
    return {
      lows: picked(bins.lows),
      highs: picked(bins.highs),
      counts: picked(bins.counts),
      sums: picked(bins.sums),
    };
  }

  private async equalRuns(one: ScoreTensor, layer: LampLayer): Promise<LampRuns> {
    const found = new Map<number, number>();
    const range = layer.range ?? { low: Infinity, high: 0 };
    for await (const { scores } of one.chunks()) {
      countMagnitudesInPlace(found, scores, range);
      this.onChunk(scores.length);
    }
    const magnitudes = Float64Array.from(found.keys()).sort();
    const counts = magnitudes.map((magnitude) => found.get(magnitude) ?? 0);
    const sums = magnitudes.map((magnitude, run) => magnitude ** 2 * (counts[run] ?? 0));
    return { lows: magnitudes, highs: magnitudes, counts, sums };
  }

  private ranked(): ScoreShares {
    const rank = this.rank();
    const total = (score: number): number =>
      this.layers.reduce((sum, layer) => sum + layer.countUpTo(score), 0);
    if (this.target.kind === 'threshold' || rank === null) {
      const { threshold = 0 } = this.target as { threshold?: number };
      const counts = this.layers.map((layer) => layer.countUpTo(threshold));
      return { counts, threshold: counts.some((count) => count > 0) ? threshold : null };
    }
    const threshold = scoreOfRank(rank, total);
    return { counts: this.shared(rank, threshold), threshold };
  }

  /** Scores equal to the threshold go in the order of the layers, until `rank` weights are reached. */
  private shared(rank: number, threshold: number): readonly number[] {
    const below = this.layers.map((layer) =>
      threshold === 0 ? layer.below : layer.countUpTo(previousNumber(threshold)),
    );
    let left = rank - below.reduce((sum, count) => sum + count, 0);
    return this.layers.map((layer, i) => {
      const sure = below[i] ?? 0;
      const taken = Math.min(left, layer.countUpTo(threshold) - sure);
      left -= taken;
      return sure + taken;
    });
  }
}

function filledBins(counts: Uint32Array): Uint32Array {
  return Uint32Array.from(counts.keys()).filter((bin) => (counts[bin] ?? 0) > 0);
}

/** The largest number below a positive one. */
function previousNumber(value: number): number {
  const view = new Float64Array([value]);
  const bits = new BigUint64Array(view.buffer);
  bits[0] = (bits[0] ?? 1n) - 1n;
  return view[0] ?? 0;
}
