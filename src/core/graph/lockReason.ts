import type { LockReason, TensorEntry } from '../model/model';
import { lockReasonOfStorage } from '../model/zeroForm';

/**
 * Why a weight is not pruned, as far as its tensor alone tells; null where nothing stands against it.
 * What the weight is for (normalization, position) is for the caller to know.
 */
export function lockReasonOfWeight(tensor: TensorEntry): LockReason | null {
  return lockReasonOfStorage(tensor) ?? (tensor.shape.length < 2 ? 'rank' : null);
}
