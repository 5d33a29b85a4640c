import { attentionHeads, type HeadGroup } from '../graph/attentionHeads';
import { UnsupportedError } from '../errors';
import { type Model, tensorNamed } from '../model/model';
import { unwritableReason } from '../model/lockUnwritableLayers';
import { headScores } from './headScores';
import type { PlanJob } from './planJob';
import type { PrunedTensor } from './prunableTensors';
import type { SelectionResult } from './selected';
import { selectGroups } from './selectUnits';
import type { GroupedUnits, MappedBias, UnitGroup, UnitMember } from './unitGroups';

/**
 * Whole attention heads by their scores: the rows of queries, keys and values that make a head, with their biases, and
 * the columns of the output that read it. So many of each attention, or of all together; an attention keeps
 * its best head. Layers that are part of no attention stay as they are.
 * @throws UnsupportedError where no heads are found.
 */
export async function selectHeads(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  pooled: boolean,
): Promise<SelectionResult> {
  const grouped = groupHeads(job.model, knownHeads(job.model), tensors);
  return selectGroups(job, tensors, { ...grouped, pooled, scoresOf: headScores });
}

/** @throws UnsupportedError where no heads are found. */
export function knownHeads(model: Model): readonly HeadGroup[] {
  const attentions = attentionHeads(model);
  if (attentions.length === 0) throw noHeads(model);
  return attentions;
}

/** The heads whose tensors are all to be pruned, and the tensors of the others. */
export function groupHeads(
  model: Model,
  attentions: readonly HeadGroup[],
  tensors: readonly PrunedTensor[],
): GroupedUnits {
  const byName = new Map(tensors.map((pruned) => [pruned.tensor.name, pruned]));
  const groups: UnitGroup[] = [];
  const locked: { pruned: PrunedTensor; reason: string }[] = [];
  for (const { name, count, members } of attentions) {
    const weights = members.filter(({ isBias }) => !isBias);
    const found = weights.flatMap((member): UnitMember[] => {
      const pruned = byName.get(member.tensor);
      if (pruned === undefined) return [];
      const bias = members.find(({ isBias, role }) => isBias && role === member.role);
      const mappedBias = bias === undefined ? undefined : mapped(model, bias.tensor, bias.map);
      return [
        {
          pruned,
          map: member.map,
          bias: null,
          ...(mappedBias === undefined ? {} : { mappedBias }),
        },
      ];
    });
    const reason = whyLocked(model, { name, count, members }, found.length);
    if (reason === null) groups.push({ side: 'output', count, members: found });
    else locked.push(...found.map(({ pruned }) => ({ pruned, reason })));
  }
  return { groups, locked };
}

function mapped(model: Model, name: string, map: MappedBias['map']): MappedBias {
  return { name, elementCount: tensorNamed(model, name).elementCount, map };
}

/** A head whose parts cannot all go would still say something. */
function whyLocked(model: Model, { name, members }: HeadGroup, found: number): string | null {
  const weights = members.filter(({ isBias }) => !isBias).length;
  if (found < weights) {
    return `only ${found} of the ${weights} weights of the attention ${name} are to be pruned`;
  }
  for (const { tensor } of members) {
    const reason = unwritableReason(model, tensorNamed(model, tensor));
    if (reason !== null) return `${tensor} cannot be zeroed in place (${reason})`;
  }
  return null;
}

function noHeads({ graph, graphMissing }: Model): UnsupportedError {
  return new UnsupportedError({
    feature: 'granularity head',
    found:
      graph === undefined
        ? (graphMissing ?? 'a model without a graph')
        : 'a graph without attention heads',
    supported: 'models whose graph has attention of two and more heads; unit for single rows',
  });
}
