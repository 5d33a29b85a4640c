import type { ScoreArrays, ScoreFacts } from '../criteria/scoringPort';
import { type Criterion, needsData } from '../criteria/criterion';
import { UsageError } from '../errors';
import type { Model, TensorEntry } from '../model/model';
import type { JobControl } from '../progress';
import type { Recipe } from '../recipe/recipe';
import { arrayScores } from './arrayScores';
import type { PlanScoring } from './planScoring';
import { magnitudeScores, type ScoreTensor } from './scoreTensor';

/** The scores that a plan ranks by, for as long as it is made. */
export interface ScoreSource {
  /** Of these tensors together, in one element type. */
  scoresOf(tensors: readonly TensorEntry[]): readonly ScoreTensor[];
  /** A score is the weight's own magnitude, so that a threshold alone says what goes. */
  readonly byMagnitude: boolean;
  /** Where data was used. */
  readonly facts: ScoreFacts | null;
  close(): Promise<void>;
}

/**
 * Scores the tensors that a recipe prunes by its criterion, running the network where that is needed.
 * @throws UsageError where the criterion needs data and there is none; what scoring throws.
 */
export async function openScores(
  model: Model,
  recipe: Recipe,
  tensors: readonly TensorEntry[],
  { scoring, control }: { readonly scoring: PlanScoring; readonly control: JobControl },
): Promise<ScoreSource> {
  const { criterion } = recipe;
  if (!needsData(criterion)) return weightScores(model, criterion);
  const request = {
    criterion,
    options: recipe.options ?? {},
    tensors: tensors.map(({ name }) => name),
    cuts: [],
  };
  return fileScores(await scoring.score(request, control));
}

function weightScores(model: Model, criterion: Criterion): ScoreSource {
  if (criterion !== 'magnitude') throw new UsageError(`criterion ${criterion} is not known here`);
  return {
    scoresOf: (tensors) => magnitudeScores(model, tensors),
    byMagnitude: true,
    facts: null,
    close: () => Promise.resolve(),
  };
}

function fileScores(scored: ScoreArrays): ScoreSource {
  const { samples, engine } = scored;
  return {
    scoresOf: (tensors) => arrayScores(scored.arrays, tensors),
    byMagnitude: false,
    facts: { samples, engine },
    close: () => scored.close(),
  };
}
