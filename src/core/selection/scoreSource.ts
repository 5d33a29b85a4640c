import type { ScoreArrays, ScoreFacts } from '../criteria/scoringPort';
import {
  type Criterion,
  needsData,
  ranksOf,
  type SignedOrder,
  signedOrder,
} from '../criteria/criterion';
import { UsageError } from '../errors';
import type { UnitSide } from '../graph/unitsOf';
import { type Model, type TensorEntry, tensorNamed } from '../model/model';
import { readTensorValues } from '../model/readTensor';
import type { JobControl } from '../progress';
import type { Recipe } from '../recipe/recipe';
import type { PlanEntry } from '../report/plan';
import type { LayerTarget } from './allocation/layerTarget';
import { arrayScores } from './arrayScores';
import type { PlanScoring } from './planScoring';
import type { ScoreTensor } from './scoreTensor';
import type { Lowest, OnChunk } from './selection';
import { weightScores } from './weightScores';

/** The scores that a plan ranks by, for as long as it is made. */
export interface ScoreSource {
  /** Of these tensors together, in one element type. */
  scoresOf(tensors: readonly TensorEntry[]): readonly ScoreTensor[];
  /**
   * Of criteria that rank units: one score a unit of a tensor's side, in the order of the units (see unitsOf).
   * Null for those that rank weights, whose scores are reduced.
   * @throws UsageError where the criterion knows no units of that side.
   */
  unitScoresOf(tensor: TensorEntry, side: UnitSide): Promise<Float64Array> | null;
  /** Why the criterion says nothing of a tensor's units, so that they stay; absent where it does of all. */
  unscoredBecause?(tensor: TensorEntry): string | null;
  /** What is ranked is the weight's own magnitude, so that a threshold alone says what goes. */
  readonly byMagnitude: boolean;
  /**
   * Where {@link scoresOf} ranks the weights of one tensor as the criterion does, but not those of several: how
   * the criterion shares out what goes among them. Null where it ranks all together.
   */
  readonly sharing: ScoreSharing | null;
  /**
   * Where scores may be negative, which go first: what is ranked are then {@link orderedKeys} of them, or of
   * their opposites where the highest go. Null where scores are magnitudes.
   */
  readonly signed: SignedOrder | null;
  /** Whether a ranked score is that of a weight that masks or earlier steps took; absent where they took none. */
  readonly isGone?: (ranked: number) => boolean;
  /** Those weights of a tensor, as a mask (see TensorCut.mask); null where all are there. */
  readonly goneMask?: (tensor: TensorEntry) => Uint8Array | null;
  /** Where data was used. */
  readonly facts: ScoreFacts | null;
  /** The scores as they were found on data, under the names of their tensors. */
  readonly arrays?: Model;
  close(): Promise<void>;
}

/** Shares out what goes among tensors. */
export interface ScoreSharing {
  lowest(tensors: readonly TensorEntry[], target: LayerTarget, onChunk: OnChunk): Promise<Lowest>;
}

export interface ScoreOptions {
  readonly scoring: PlanScoring;
  readonly control: JobControl;
  /** Made before the network is looked at: the earlier steps of a schedule. */
  readonly cuts?: readonly PlanEntry[];
}

/**
 * Scores the tensors that a recipe prunes by its criterion, running the network where that is needed.
 * @throws UsageError where the criterion needs data and there is none; what scoring throws.
 */
export async function openScores(
  model: Model,
  recipe: Recipe,
  tensors: readonly TensorEntry[],
  { scoring, control, cuts = [] }: ScoreOptions,
): Promise<ScoreSource> {
  const { criterion } = recipe;
  if (!needsData(criterion)) return weightScores(model, recipe, control, cuts);
  const request = {
    criterion,
    options: recipe.options ?? {},
    tensors: tensors.map(({ name }) => name),
    cuts,
  };
  return fileScores(await scoring.score(request, control), recipe);
}

function fileScores(scored: ScoreArrays, { criterion, options }: Recipe): ScoreSource {
  const { samples, engine, notes = [] } = scored;
  const signed = signedOrder(criterion, options);
  const ranks = ranksOf(criterion, options);
  return {
    scoresOf: (tensors) => arrayScores(scored.arrays, tensors, signed),
    unitScoresOf: (tensor, side) =>
      ranks === 'weights' ? null : unitArray(scored.arrays, { criterion, tensor, side }),
    byMagnitude: false,
    sharing: null,
    signed,
    facts: { samples, engine, notes },
    arrays: scored.arrays,
    close: () => scored.close(),
  };
}

interface UnitArrayRequest {
  readonly criterion: Criterion;
  readonly tensor: TensorEntry;
  readonly side: UnitSide;
}

async function unitArray(
  arrays: Model,
  { criterion, tensor, side }: UnitArrayRequest,
): Promise<Float64Array> {
  if (side === 'input') {
    throw new UsageError(
      `granularity unit:input: found criterion ${criterion}, which ranks what a layer gives, not what it reads; allowed: unit, or another criterion`,
    );
  }
  return Float64Array.from(await readTensorValues(arrays, tensorNamed(arrays, tensor.name)));
}
