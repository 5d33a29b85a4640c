import { kernelAxes } from '../graph/kernelAxes';
import { unitMapOf } from '../model/elementOrder';
import type { TensorEntry } from '../model/model';
import { nmMask } from './nmMask';
import { ownTarget } from './ownTarget';
import type { PlanJob } from './planJob';
import type { PrunedTensor } from './prunableTensors';
import { rankedThreshold } from './rankedThreshold';
import { selectedNothing, type SelectedCut, type SelectionResult } from './selected';
import type { ScoreTensor } from './scoreTensor';

/** N of every M stay. */
export interface NmPattern {
  readonly keep: number;
  readonly group: number;
}

/**
 * N:M sparsity of each tensor by itself, along what its layer reads: the input channels of a convolution, for
 * each filter and window position; the inputs of each output of a dense layer. A layer whose inputs do not
 * divide by M stays as it is. The pattern alone says how many go; with a threshold, those above it stay.
 */
export async function selectNm(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
  pattern: NmPattern,
): Promise<SelectionResult> {
  const selected: SelectedCut[] = [];
  const warnings = [...sparsityWarnings(job, pattern)];
  for (const pruned of tensors) {
    const reason = whyDense(pruned, pattern);
    if (reason !== null) warnings.push(`${pruned.layer.name}: stays dense, ${reason}`);
    selected.push(
      reason === null ? await selectOne(job, pruned, pattern) : selectedNothing(pruned),
    );
  }
  return { selected, warnings, globalThreshold: null, shortBy: 0 };
}

/** A pattern has a sparsity of its own; another one that was asked for is not met. */
function sparsityWarnings({ recipe }: PlanJob, { keep, group }: NmPattern): string[] {
  const { sparsity, granularity } = recipe;
  const isRecipes = granularity === `${keep}:${group}`;
  if (!isRecipes || sparsity === undefined || sparsity === 1 - keep / group) return [];
  return [
    `sparsity ${sparsity} does not apply: ${granularity} takes ${group - keep} of every ${group} weights`,
  ];
}

async function selectOne(
  job: PlanJob,
  pruned: PrunedTensor,
  pattern: NmPattern,
): Promise<SelectedCut> {
  const { source, onChunk } = job;
  const target = ownTarget(job, pruned);
  const [scored] = source.scoresOf([pruned.tensor]);
  if (scored === undefined) throw new Error(`${pruned.tensor.name} has no scores`);
  const { inner } = unitMapOf(asScored(scored, pruned.tensor), inputAxis(pruned) ?? 0);
  const threshold =
    target.kind === 'threshold' ? rankedThreshold(source, target.threshold) : undefined;
  const { mask, tally } = await nmMask(scored, { ...pattern, inner, threshold }, onChunk);
  return {
    ...selectedNothing(pruned),
    cut: { ...selectedNothing(pruned).cut, mask },
    selectedCount: tally.flagged,
    tally: source.byMagnitude ? tally : null,
  };
}

/** Scores may come in C order, whatever the tensor's own. */
function asScored({ flatIndexOf }: ScoreTensor, tensor: TensorEntry): TensorEntry {
  return flatIndexOf === null ? { ...tensor, storageOrder: null } : tensor;
}

/** Why N:M does not apply to a layer; null where it does. */
export function whyDense(pruned: PrunedTensor, { group }: Pick<NmPattern, 'group'>): string | null {
  if (pruned.layer.operator === 'embedding') return 'its rows are looked up, not multiplied';
  const axis = inputAxis(pruned);
  if (axis === null) return 'the axis of its inputs is not known';
  if (axis === undefined) return 'each of its outputs reads a channel of its own';
  const size = pruned.tensor.shape[axis] ?? 1;
  return size % group === 0
    ? null
    : `it has ${size} ${size === 1 ? 'input' : 'inputs'}, no multiple of ${group}`;
}

/** Of the weight: undefined where it has none, null where it is not known. */
function inputAxis({ layer, tensor }: PrunedTensor): number | undefined | null {
  const axes = kernelAxes(layer, tensor);
  return axes === null ? null : axes.inputs[0];
}
