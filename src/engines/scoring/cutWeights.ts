import { cutsByTensor, makeValueCut } from '../../core/model/applyCut';
import type { Values } from '../../core/model/decodeValues';
import { withLayerMask } from '../../core/model/layerMasks';
import type { TensorEntry } from '../../core/model/model';
import { readRealValues } from '../../core/model/readRealValues';
import { readTensorValues } from '../../core/model/readTensor';
import { throwIfCancelled } from '../../core/progress';
import type { ScoringRun } from './scoringRun';

/**
 * A tensor's weights as the network has them: as real numbers, with the cuts of the run, in C order.
 * @throws FormatError, IoError as reading does; CancelledError.
 */
export async function cutWeights(
  { model, request, control }: ScoringRun,
  tensor: TensorEntry,
): Promise<Values> {
  const planned = cutsByTensor(request.cuts).get(tensor.name) ?? null;
  const cut = await withLayerMask(model, tensor.name, planned);
  if (tensor.affine === undefined) return readTensorValues(model, tensor, cut);
  const values = await readRealValues(model, tensor, () => {
    throwIfCancelled(control.signal);
  });
  // Codes with a scale stand in C order.
  if (cut !== null) makeValueCut(tensor, cut)(values, values, 0);
  return values;
}
