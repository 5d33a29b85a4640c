import { CRITERION_TRAITS } from '../criteria/criterion';
import { UnsupportedError } from '../errors';
import { type Granularity, parseGranularity } from './granularity';
import { ownTarget } from './ownTarget';
import type { PlanJob } from './planJob';
import { elementsOf, type PrunedTensor } from './prunableTensors';
import type { Selected, SelectionResult } from './selected';
import { selectBlocks } from './selectBlocks';
import { selectHeads } from './selectHeads';
import { selectNm } from './selectNm';
import { selectRows } from './selectRows';
import { selectUnits } from './selectUnits';
import { selectWeights } from './selectWeights';
import { unitsLockedBecause } from './unitLocks';

export type { Selected, SelectionResult } from './selected';

/**
 * Selects what goes from each tensor, by its granularity and the recipe's target. Tensors of the recipe's
 * granularity are ranked together where its scope is global; those with another one each by themselves, and
 * where the recipe prunes single weights, what they lose counts towards its target.
 * @throws UnsupportedError for a granularity that a layer cannot have.
 */
export async function selectTensors(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
): Promise<SelectionResult> {
  const parts = byGranularity(job, tensors);
  const weights = parts.get('weight') ?? [];
  parts.delete('weight');
  const results: SelectionResult[] = [];
  for (const [granularity, members] of parts) {
    results.push(await selectTogether(job, members, granularity));
  }
  const given = results.flatMap(({ selected }) => selected);
  const pool = {
    pooled: job.recipe.granularity === 'weight',
    elementCount: elementsOf(tensors),
    given: given.reduce((sum, { selectedCount }) => sum + selectedCount, 0),
  };
  const [inRows, other] = partedByRows(job, weights);
  if (inRows.length > 0) results.push(await selectRows(job, inRows));
  if (other.length > 0) results.push(await selectWeights(job, other, pool));
  return merged(results, tensors);
}

/** Scores that mean something within a row only are ranked there, but for a threshold, which needs no rank. */
function partedByRows(
  job: PlanJob,
  weights: readonly PrunedTensor[],
): readonly [inRows: readonly PrunedTensor[], other: readonly PrunedTensor[]] {
  if (CRITERION_TRAITS[job.recipe.criterion].comparedPer !== 'row') return [[], weights];
  const inRows = weights.filter((one) => ownTarget(job, one).kind === 'share');
  return [inRows, weights.filter((one) => !inRows.includes(one))];
}

function byGranularity(
  { recipe }: PlanJob,
  tensors: readonly PrunedTensor[],
): Map<Granularity, PrunedTensor[]> {
  const parts = new Map<Granularity, PrunedTensor[]>();
  for (const one of tensors) {
    const granularity = one.setting.granularity ?? recipe.granularity;
    const part = parts.get(granularity);
    if (part === undefined) parts.set(granularity, [one]);
    else part.push(one);
  }
  return parts;
}

async function selectTogether(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  granularity: Granularity,
): Promise<SelectionResult> {
  const pooled = granularity === job.recipe.granularity;
  const parts = parseGranularity(granularity);
  switch (parts?.kind) {
    case 'n:m':
      return selectNm(job, tensors, parts);
    case 'unit':
      return selectUnits(job, tensors, {
        side: parts.side,
        lockedBecause: (model, pruned, side) =>
          unitsLockedBecause(model, pruned, side) ??
          job.source.unscoredBecause?.(pruned.tensor) ??
          null,
        pooled,
      });
    case 'head':
      return selectHeads(job, tensors, pooled);
    case 'block':
      return selectBlocks(job, tensors, { size: parts, pooled });
    default:
      throw new UnsupportedError({
        feature: 'what goes together',
        found: `granularity ${granularity}`,
        supported: 'weight, N:M, block:RxC, unit, unit:input and head',
      });
  }
}

function merged(
  results: readonly SelectionResult[],
  tensors: readonly PrunedTensor[],
): SelectionResult {
  const found = new Map<PrunedTensor, Selected>();
  for (const { selected } of results) for (const one of selected) found.set(one.pruned, one);
  const [first] = results;
  return {
    selected: tensors.flatMap((one) => found.get(one) ?? []),
    globalThreshold: results.length === 1 ? (first?.globalThreshold ?? null) : null,
    shortBy: results.reduce((sum, { shortBy }) => sum + shortBy, 0),
    warnings: results.flatMap(({ warnings }) => warnings),
  };
}
