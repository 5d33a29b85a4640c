import type {
  ReconstructRequest,
  ScoreArrays,
  ScoreRequest,
  ScoringPort,
} from '../criteria/scoringPort';
import { UsageError } from '../errors';
import type { Model } from '../model/model';
import type { JobControl } from '../progress';
import type { Recipe } from '../recipe/recipe';
import { recipeOfLevel } from '../sweep/sweepRecipes';
import { BUDGET_LEVELS, type SensitivityResult } from '../sweep/sensitivity';
import type { SensitivityCurve } from './allocation/sensitivityCounts';
import type { Recover } from './schedule/recover';

/** What a plan asks of the network; model and data are settled. */
type Settled = 'path' | 'architecture' | 'data' | 'seed' | 'engine' | 'batchDivisor';

/** How a plan gets scores and new weights that need the network on data. */
export interface PlanScoring {
  /** @throws UsageError where the recipe has no data; what running the network throws. */
  score(request: Omit<ScoreRequest, Settled>, control: JobControl): Promise<ScoreArrays>;
  reconstruct(
    request: Omit<ReconstructRequest, Settled>,
    control: JobControl,
  ): Promise<ScoreArrays>;
  /** What each tensor that the recipe prunes costs when it alone is pruned. @throws as {@link score}. */
  sensitivity(control: JobControl): Promise<readonly SensitivityCurve[]>;
  /** Opens a file of masks; absent where a recipe with one cannot be planned. @throws FormatError, IoError. */
  readonly openMasks?: OpenMasks;
  /** Between the steps of a schedule; nothing recovers when absent. */
  readonly recover?: Recover;
}

/** Opens a file of arrays by its path. */
export type OpenMasks = (
  path: string,
) => Promise<{ readonly model: Model; close(): Promise<void> }>;

/** The network of a model file, on a recipe's data. */
export function planScoring(
  port: ScoringPort,
  path: string,
  recipe: Recipe,
  openMasks?: OpenMasks,
): PlanScoring {
  const { architecture = null, seed } = recipe;
  const data = recipe.calibration ?? recipe.data;
  return {
    ...(openMasks === undefined ? {} : { openMasks }),
    score: (request, control) =>
      data === undefined
        ? Promise.reject(needingData(request.criterion))
        : port.score({ ...request, path, architecture, data, seed }, control),
    reconstruct: (request, control) =>
      data === undefined
        ? Promise.reject(needingData(request.criterion))
        : port.reconstruct({ ...request, path, architecture, data, seed }, control),
    sensitivity: async (control) => {
      if (data === undefined) throw needingData('sensitivity');
      const own = { ...recipeOfLevel(recipe, 0), data };
      const request = { path, recipe: own, levels: BUDGET_LEVELS, perTensor: true };
      return curvesOf(await port.sensitivity(request, control));
    },
  };
}

/** For plans by the weights alone: whatever needs the network is refused. */
export const withoutNetwork: PlanScoring = {
  score: ({ criterion }) => Promise.reject(needingData(criterion)),
  reconstruct: ({ criterion }) => Promise.reject(needingData(criterion)),
  sensitivity: () => Promise.reject(needingData('sensitivity')),
};

/** As budgets are made of them. */
function curvesOf({ layers, baseline }: SensitivityResult): readonly SensitivityCurve[] {
  return layers.flatMap(({ tensors, points }) =>
    tensors.map((tensor) => ({
      tensor,
      points: points.map(({ sparsity, loss }) => ({
        sparsity,
        lossIncrease: loss - baseline.loss,
      })),
    })),
  );
}

function needingData(criterion: string): UsageError {
  return new UsageError(
    `${criterion} looks at what the network does on data, and none is given; allowed: --data, or a criterion by the weights alone such as magnitude`,
  );
}
