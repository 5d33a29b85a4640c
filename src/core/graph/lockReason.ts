import { isPrunableDType } from '../model/dtype';
import { type LockReason, storedDTypeOf, type TensorEntry } from '../model/model';

/**
 * Why a weight is not pruned, as far as its tensor alone tells; null where nothing stands against it.
 * What the weight is for (normalization, position) is for the caller to know.
 */
export function lockReasonOfWeight(tensor: TensorEntry): LockReason | null {
  const stored = storedDTypeOf(tensor);
  if (tensor.quantization !== undefined && stored !== 'float16') return 'quantized';
  if (!isPrunableDType(stored)) return 'dtype';
  return tensor.shape.length < 2 ? 'rank' : null;
}
