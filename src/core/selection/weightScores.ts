import { fpgmScores } from '../criteria/fpgm';
import { bnScaleScores } from '../criteria/bnScale';
import type { Criterion } from '../criteria/criterion';
import { l1Norm } from '../criteria/l1Norm';
import { l2Norm } from '../criteria/l2Norm';
import { UnsupportedError, UsageError } from '../errors';
import { unitScaleOf } from '../graph/unitScale';
import { type UnitSide, unitsOf } from '../graph/unitsOf';
import { NO_CUT } from '../model/applyCut';
import { type Layer, type Model, type TensorEntry, tensorNamed } from '../model/model';
import { readRealValues } from '../model/readRealValues';
import { type JobControl, throwIfCancelled } from '../progress';
import type { Recipe } from '../recipe/recipe';
import type { PlanEntry, TensorCut, UnitMap } from '../report/plan';
import { filterRows } from './filterRows';
import { lampTensors } from './lamp/lampTensors';
import { lowestByLamp } from './lamp/lowestByLamp';
import { randomTensors } from './randomTensors';
import type { ScoreSource } from './scoreSource';
import { magnitudeScores } from './scoreTensor';
import type { OnChunk } from './selection';
import { unitNorms } from './unitNorms';

/**
 * The scores of the criteria that look at the file alone.
 * @param cuts what masks and earlier steps took: zeros in the norms and distances of units
 * @throws UsageError for another criterion.
 */
export function weightScores(
  model: Model,
  recipe: Recipe,
  control: JobControl,
  cuts: readonly PlanEntry[] = [],
): ScoreSource {
  const { criterion } = recipe;
  const onChunk: OnChunk = () => throwIfCancelled(control.signal);
  switch (criterion) {
    case 'magnitude':
      return {
        ...RANKING_WEIGHTS,
        scoresOf: (tensors) => magnitudeScores(model, tensors),
        byMagnitude: true,
      };
    case 'random':
      return {
        ...RANKING_WEIGHTS,
        scoresOf: (tensors) => randomTensors(model, tensors, recipe.seed),
      };
    case 'lamp':
      return ranksWeightsAlone(recipe)
        ? {
            ...RANKING_WEIGHTS,
            scoresOf: (tensors) => magnitudeScores(model, tensors),
            byMagnitude: true,
            sharing: {
              lowest: (tensors, target, each) => lowestByLamp(model, tensors, target, each),
            },
          }
        : { ...RANKING_WEIGHTS, scoresOf: (tensors) => lampTensors(model, tensors) };
    case 'l1-norm':
    case 'l2-norm':
    case 'fpgm':
      return {
        ...unitSource(new UnitScores({ model, criterion, control, onChunk, cuts })),
        // Norms of heads are made of these.
        scoresOf: (tensors) => magnitudeScores(model, tensors),
      };
    case 'bn-scale': {
      const scores = new UnitScores({ model, criterion, control, onChunk, cuts });
      assertSomeScale(model, scores);
      return { ...unitSource(scores), unscoredBecause: (tensor) => scores.missingScale(tensor) };
    }
    default:
      throw new UsageError(`criterion ${criterion} looks at more than the weights`);
  }
}

/** What most criteria by the weights have in common. */
const RANKING_WEIGHTS = {
  unitScoresOf: () => null,
  byMagnitude: false,
  sharing: null,
  signed: null,
  facts: null,
  close: () => Promise.resolve(),
} as const;

/** Whether no layer's scores are reduced to those of units or blocks: then magnitudes tell what LAMP takes. */
function ranksWeightsAlone({ granularity, layers }: Recipe): boolean {
  const all = [granularity, ...Object.values(layers).map((setting) => setting.granularity)];
  return all.every((one) => one === undefined || one === 'weight' || /^\d/.test(one));
}

function unitSource(scores: UnitScores): ScoreSource {
  return {
    ...RANKING_WEIGHTS,
    scoresOf: () => [],
    unitScoresOf: (tensor, side) => scores.of(tensor, side),
  };
}

/** @throws UnsupportedError where no layer that can be pruned has a scale, with the first one's reason. */
function assertSomeScale(model: Model, scores: UnitScores): void {
  const layers = model.layers.filter(({ prunable }) => prunable);
  const reasons = layers.map(({ weight = '' }) => scores.missingScale(tensorNamed(model, weight)));
  const [first] = reasons;
  if (typeof first !== 'string' || reasons.includes(null)) return;
  throw new UnsupportedError({
    feature: 'criterion bn-scale',
    found: `no layer that a scale follows (${layers[0]?.name ?? ''}: ${first})`,
    supported:
      'models with normalizations behind their layers; or another criterion such as l2-norm',
  });
}

type UnitCriterion = Extract<Criterion, 'l1-norm' | 'l2-norm' | 'bn-scale' | 'fpgm'>;

interface UnitScoring {
  readonly model: Model;
  readonly criterion: UnitCriterion;
  readonly control: JobControl;
  readonly onChunk: OnChunk;
  readonly cuts: readonly PlanEntry[];
}

class UnitScores {
  private readonly cuts: ReadonlyMap<string, TensorCut>;

  constructor(private readonly scoring: UnitScoring) {
    this.cuts = new Map(scoring.cuts.map(({ tensor, cut }) => [tensor, cut]));
  }

  async of(tensor: TensorEntry, side: UnitSide): Promise<Float64Array> {
    const { model, criterion, onChunk } = this.scoring;
    const layer = layerOf(model, tensor);
    const map = unitsOf(layer, tensor, side);
    if (map === null) throw unknownUnits(layer, side);
    const cut = this.cuts.get(tensor.name) ?? NO_CUT;
    switch (criterion) {
      case 'l1-norm':
        return unitNorms(model, tensor, { map, norm: l1Norm, cut, onChunk });
      case 'l2-norm':
        return unitNorms(model, tensor, { map, norm: l2Norm, cut, onChunk });
      case 'fpgm':
        return this.medianDistances(tensor, map, cut);
      case 'bn-scale':
        return this.scales(layer, side, map);
    }
  }

  /** Why no scale tells of the tensor's units; null where one does. */
  missingScale(tensor: TensorEntry): string | null {
    const { model } = this.scoring;
    const layer = layerOf(model, tensor);
    const map = unitsOf(layer, tensor, 'output');
    if (map === null) return 'its units are not known';
    const scale = unitScaleOf(model, layer, map.count);
    return scale.kind === 'none' ? scale.reason : null;
  }

  private async medianDistances(
    tensor: TensorEntry,
    map: UnitMap,
    cut: TensorCut,
  ): Promise<Float64Array> {
    const { model, control, onChunk } = this.scoring;
    const rows = await filterRows(model, tensor, { map, cut, onChunk });
    return fpgmScores(rows, map.count, () => throwIfCancelled(control.signal));
  }

  private async scales(layer: Layer, side: UnitSide, map: UnitMap): Promise<Float64Array> {
    const { model, onChunk } = this.scoring;
    if (side === 'input') throw outputsOnly();
    const scale = unitScaleOf(model, layer, map.count);
    if (scale.kind === 'none') {
      throw new UnsupportedError({
        feature: 'criterion bn-scale',
        found: `layer ${layer.name}: ${scale.reason}`,
        supported: 'layers with a normalization behind them; or another criterion such as l2-norm',
      });
    }
    return bnScaleScores(await readRealValues(model, tensorNamed(model, scale.gamma), onChunk));
  }
}

/** Layers are immutable, and each of their weights is asked for. */
const byWeight = new WeakMap<readonly Layer[], ReadonlyMap<string | undefined, Layer>>();

/** The first layer with this weight: by which a plan prunes it. */
function layerOf({ layers }: Model, tensor: TensorEntry): Layer {
  const known =
    byWeight.get(layers) ?? new Map(layers.toReversed().map((one) => [one.weight, one]));
  byWeight.set(layers, known);
  const layer = known.get(tensor.name);
  if (layer === undefined) throw new Error(`${tensor.name} is no layer's weight`);
  return layer;
}

function unknownUnits({ name, operatorLabel }: Layer, side: UnitSide): UnsupportedError {
  return new UnsupportedError({
    feature: `${side} units`,
    found: `layer ${name} (${operatorLabel}), whose axes are not known`,
    supported: 'dense, convolution, recurrent and embedding layers whose units are known',
  });
}

function outputsOnly(): UsageError {
  return new UsageError(
    'granularity unit:input: found criterion bn-scale, which ranks what a layer gives, not what it reads; allowed: unit, or another criterion',
  );
}
