import { rowsOf } from '../graph/rowsOf';
import { maskByteLength } from '../kernels/maskKernels';
import { maskRowsInPlace } from '../kernels/rowMaskKernel';
import { ownTarget } from './ownTarget';
import type { PlanJob } from './planJob';
import type { PrunedTensor } from './prunableTensors';
import { roundHalfEven } from './roundHalfEven';
import { selectedNothing, type SelectedCut, type SelectionResult } from './selected';

/**
 * Single weights by scores that are compared within each output only: of every row the lowest go, its length
 * times the share of its layer, rounded half to even; of equal ones the first. So whatever the scope, no row
 * loses more than another. A layer whose rows are not known is one row. Space: the scores of one tensor.
 * Source: Sun et al., A simple and effective pruning approach for large language models, 2024.
 */
export async function selectRows(
  job: PlanJob,
  tensors: readonly PrunedTensor[],
): Promise<SelectionResult> {
  const selected: SelectedCut[] = [];
  const warnings: string[] = [];
  for (const pruned of tensors) {
    if (rowsOf(pruned.layer, pruned.tensor) === null) {
      warnings.push(
        `${pruned.layer.name}: all its weights are compared with each other, which of them make an output is not known`,
      );
    }
    selected.push(await selectOne(job, pruned));
  }
  return { selected, warnings, globalThreshold: null, shortBy: 0 };
}

async function selectOne(job: PlanJob, pruned: PrunedTensor): Promise<SelectedCut> {
  const { source, onChunk } = job;
  const { layer, tensor } = pruned;
  const target = ownTarget(job, pruned);
  const nothing = selectedNothing(pruned);
  const [scored] = source.scoresOf([tensor]);
  if (scored === undefined) throw new Error(`${tensor.name} has no scores`);
  if (target.kind !== 'share' || tensor.elementCount === 0) return nothing;
  const rows = rowsOf(layer, tensor) ?? { inner: tensor.elementCount, count: 1 };
  const scores = await scored.read(0, tensor.elementCount);
  onChunk(scores.length);
  const perRow = roundHalfEven((target.share * tensor.elementCount) / rows.count);
  const mask = new Uint8Array(maskByteLength(tensor.elementCount));
  const { flagged, threshold } = maskRowsInPlace(mask, scores, { ...rows, perRow });
  return { ...nothing, cut: { ...nothing.cut, mask }, threshold, selectedCount: flagged };
}
