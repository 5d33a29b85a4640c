import type { JobControl } from '../core/progress';
import { planScoring } from '../core/selection/planScoring';
import { scoreUnits } from '../core/selection/scoreUnits';
import { openModelFile } from '../node/openModel';
import type { WorkerParams } from '../protocol/hostWorker';
import type { UnitScoresView } from '../protocol/views';
import { MAX_SHOWN_UNITS } from './limits';
import type { ModelSession } from './modelSessions';

/**
 * The scores of one tensor's units as the host gets them; null where the recipe takes no whole units of it. Of
 * very many units only the lowest cross, in the order of the units: they are the ones that go.
 */
export async function readUnitScores(
  { opened: { path, model }, scoring: port }: ModelSession,
  { recipe, tensor, planned }: WorkerParams<'unitScores'>,
  control: JobControl,
): Promise<UnitScoresView | null> {
  const scoring = planScoring(port, path, recipe, openModelFile);
  const scores = await scoreUnits({ model, recipe, tensor, planned }, scoring, control);
  if (scores === null) return null;
  const shown = lowest(scores, MAX_SHOWN_UNITS);
  return {
    tensor,
    unitCount: scores.length,
    units: shown,
    scores: shown.map((unit) => finite(scores[unit])),
  };
}

/** The units with the lowest scores, ascending by unit; those without a number come last. */
function lowest(scores: Float64Array, most: number): readonly number[] {
  const units = Array.from(scores, (_, unit) => unit);
  if (units.length <= most) return units;
  const rank = (unit: number): number => finite(scores[unit]) ?? Infinity;
  // Infinities are equal, not a difference that is no number.
  units.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)));
  return units.slice(0, most).sort((a, b) => a - b);
}

/** JSON has no other numbers. */
function finite(score: number | undefined): number | null {
  return score !== undefined && Number.isFinite(score) ? score : null;
}
