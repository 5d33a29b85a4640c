import type { ClosedRange } from '../../kernels/lampKernels';
import type { MagnitudeRange } from '../../kernels/selectionKernels';
import { MAX_SELECTION_CANDIDATES } from '../../limits';
import type { Model, TensorEntry } from '../../model/model';
import type { LayerTarget } from '../allocation/layerTarget';
import { type Collected, collectCandidates } from '../collectCandidates';
import { nextAbove, nextBelow } from '../nextNumber';
import { rankCandidates } from '../rankCandidates';
import { magnitudeScores, type ScoreTensor } from '../scoreTensor';
import type { Lowest, LowestOfTensor, OnChunk, Selection } from '../selection';
import { selectSmallest } from '../selectSmallest';
import { LampLayer, type LampRuns } from './lampLayer';
import { binnedRuns, countedRuns, partedRuns, sortedRuns } from './lampRuns';
import { scoreOfRank } from './staircase';

/** How often ranges are parted: 2^80 parts are finer than doubles. */
const MAX_DEPTH = 8;

/** No finite magnitude: only zeros and what is not finite are counted. */
const NONE: MagnitudeRange = { low: Infinity, high: Infinity };

/**
 * What goes by LAMP score over all these layers, found in a stream: in a layer scores rise with |w|, so
 * bins of magnitudes with their sums of squares bound the scores of what they hold. The weights in the bins that may
 * hold the threshold are collected and ranked exactly; where they are too many, the bins are parted before.
 * Ties over layers go by layer order, within a layer by flat index. Two passes, more where many weights are equal or
 * of a billion. Space: 2^20 candidates; 48 bytes a bin that is not empty, at most 65,536 a layer.
 */
export async function lowestByLamp(
  model: Model,
  tensors: readonly TensorEntry[],
  target: LayerTarget,
  onChunk: OnChunk,
): Promise<Lowest> {
  return lowestOfLayers(magnitudeScores(model, tensors), target, onChunk);
}

/** The same of layers whose magnitudes are given, where they are not those of the file. */
export async function lowestOfLayers(
  weights: readonly ScoreTensor[],
  target: LayerTarget,
  onChunk: OnChunk,
): Promise<Lowest> {
  return new LampNarrowing(weights, target, onChunk).find();
}

class LampNarrowing {
  private layers: readonly LampLayer[] = [];

  constructor(
    private readonly weights: readonly ScoreTensor[],
    private readonly target: LayerTarget,
    private readonly onChunk: OnChunk,
  ) {}

  async find(): Promise<Lowest> {
    const layers: LampLayer[] = [];
    for (const one of this.weights) {
      layers.push(new LampLayer(await binnedRuns(one, this.onChunk), 0, 0));
    }
    this.layers = layers;
    this.narrow();
    for (let depth = 1; this.holdsTooMany() && depth < MAX_DEPTH; depth++) {
      await this.renew((one, range) => partedRuns(one, range, this.onChunk));
      this.narrow();
    }
    return this.candidateCount() <= MAX_SELECTION_CANDIDATES
      ? this.collected()
      : this.selectedAgain();
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

  /** More weights than can be collected, and runs of equal ones do not tell all yet. */
  private holdsTooMany(): boolean {
    return (
      this.candidateCount() > MAX_SELECTION_CANDIDATES &&
      !this.layers.every((layer) => layer.hasEqualRuns())
    );
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
    runsOf: (one: ScoreTensor, range: ClosedRange) => Promise<LampRuns>,
  ): Promise<void> {
    const layers: LampLayer[] = [];
    for (const [i, layer] of this.layers.entries()) {
      const one = this.weights[i];
      const isSettled = one === undefined || layer.range === null;
      layers.push(isSettled ? layer : layer.withRuns(await runsOf(one, layer.range)));
    }
    this.layers = layers;
  }

  /** The last pass: the candidates tell how many of each layer go, and which. */
  private async collected(): Promise<Lowest> {
    const found: Collected[] = [];
    for (const [i, one] of this.weights.entries()) {
      const layer = this.layers[i];
      const range = rangeWithin(layer?.range ?? null, one.inFloat64);
      found.push(await collectCandidates([one], range, this.onChunk, layer?.count));
    }
    this.layers = this.layers.map((layer, i) => {
      const { magnitudes, length } = found[i]?.candidates ?? { magnitudes: NOTHING, length: 0 };
      return layer.withRuns(sortedRuns(magnitudes.subarray(0, length)));
    });
    const { counts, threshold } = this.shares();
    const tensors: LowestOfTensor[] = [];
    for (const [i, one] of this.weights.entries()) {
      tensors.push(await this.lowestOf(one, counts[i] ?? 0, found[i]));
    }
    return { threshold, tensors };
  }

  private async lowestOf(
    one: ScoreTensor,
    count: number,
    found: Collected | undefined,
  ): Promise<LowestOfTensor> {
    const below = found?.below[0] ?? 0;
    if (found === undefined || (count > 0 && count <= below)) {
      // The largest weight that goes lies below all that were collected.
      return onlyOne(await selectSmallest([one], count, this.onChunk));
    }
    if (count > 0) return onlyOne(rankCandidates([one], found, count - below));
    const tally = found.tallies[0] ?? { zeros: 0, nonFinite: 0 };
    return { threshold: null, selectedCount: 0, tieLimit: 0, ...tally };
  }

  /** Where many weights are equal: only how many go is known, and each layer is looked through once more. */
  private async selectedAgain(): Promise<Lowest> {
    if (this.holdsTooMany()) {
      await this.renew((one, range) => countedRuns(one, range, this.onChunk));
    }
    const { counts, threshold } = this.shares();
    const tensors: LowestOfTensor[] = [];
    for (const [i, one] of this.weights.entries()) {
      tensors.push(onlyOne(await selectSmallest([one], counts[i] ?? 0, this.onChunk)));
    }
    return { threshold, tensors };
  }

  /** How many weights of each layer go, and the largest score that does. */
  private shares(): { readonly counts: readonly number[]; readonly threshold: number | null } {
    const rank = this.rank();
    const threshold =
      this.target.kind === 'threshold'
        ? this.target.threshold
        : scoreOfRank(rank ?? 0, (score) =>
            this.layers.reduce((sum, layer) => sum + layer.countUpTo(score), 0),
          );
    const counts =
      rank === null
        ? this.layers.map((layer) => layer.countUpTo(threshold))
        : this.shared(rank, threshold);
    return { counts, threshold: counts.some((count) => count > 0) ? threshold : null };
  }

  /** Scores equal to the threshold go in the order of the layers, until `rank` weights are reached. */
  private shared(rank: number, threshold: number): readonly number[] {
    const below = this.layers.map((layer) =>
      threshold === 0 ? layer.below : layer.countUpTo(nextBelow(threshold)),
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

const NOTHING = new Float64Array(0);

/** The same magnitudes with an end that is not among them, a number of the scores' own type. */
function rangeWithin(range: ClosedRange | null, inFloat64: boolean): MagnitudeRange {
  if (range === null) return NONE;
  return { low: range.low, high: nextAbove(range.high, inFloat64) };
}

function onlyOne({ threshold, tensors }: Selection): LowestOfTensor {
  const [taken] = tensors;
  if (taken === undefined) throw new Error('a selection left out its only tensor');
  return { ...taken, threshold };
}
