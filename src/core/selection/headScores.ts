import type { UnitReduction } from '../criteria/criterion';
import { UsageError } from '../errors';
import type { PlanJob } from './planJob';
import type { UnitGroup } from './unitGroups';
import { reducedScores } from './unitScores';

/** The criteria by units that are sums over weights: of a head, over all its weights. */
const NORMS: Readonly<Record<string, UnitReduction>> = { 'l1-norm': 'sum', 'l2-norm': 'l2' };

/**
 * One score a head, larger = keep: the recipe's reduction over all its weights, in queries, keys, values and output,
 * biases left out; L1 and L2 norm likewise.
 * @throws UsageError for other criteria that rank units.
 */
export async function headScores(job: PlanJob, group: UnitGroup): Promise<Float64Array> {
  const { criterion, options } = job.recipe;
  const norm = NORMS[criterion];
  if (norm !== undefined) {
    const recipe = { ...job.recipe, options: { ...options, reduction: norm } };
    return reducedScores({ ...job, recipe }, group);
  }
  const [member] = group.members;
  const ranksUnits =
    member !== undefined &&
    (await job.source.unitScoresOf(member.pruned.tensor, 'output')) !== null;
  if (ranksUnits) {
    throw new UsageError(
      `granularity head: found criterion ${criterion}, which ranks single units; allowed: l1-norm, l2-norm, and the criteria that rank weights`,
    );
  }
  return reducedScores(job, group);
}
