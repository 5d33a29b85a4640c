import { addMaskInPlace, isMaskEmpty, maskByteLength } from '../../kernels/maskKernels';
import { type Model, tensorNamed } from '../../model/model';
import type { PlanEntry, TensorCut } from '../../report/plan';
import { withUnitsMasked } from '../maskUnits';
import type { PrunedTensor } from '../prunableTensors';
import { tallyMask } from '../scoreMask';
import type { OnChunk } from '../selection';

const NO_CUT: TensorCut = { threshold: null, tieLimit: 0, unitMap: null, zeroedUnits: [] };

/** The cuts that masks make by themselves, before anything is selected: what goes first. */
export function cutsOfMasks(
  tensors: readonly PrunedTensor[],
  masks: ReadonlyMap<string, Uint8Array>,
): readonly PlanEntry[] {
  return tensors.flatMap(({ layer, tensor }): PlanEntry[] => {
    const mask = masks.get(tensor.name);
    if (mask === undefined) return [];
    return [
      {
        layer: layer.name,
        tensor: tensor.name,
        bias: null,
        criterion: 'magnitude',
        cut: { ...NO_CUT, mask: mask.slice() },
        elementCount: tensor.elementCount,
        zerosBefore: 0,
        zerosAfter: 0,
        nonFinite: 0,
        overridden: false,
      },
    ];
  });
}

/** What masks are put over. */
export interface MaskedPlan {
  readonly tensors: readonly PrunedTensor[];
  readonly masks: ReadonlyMap<string, Uint8Array>;
  readonly onChunk: OnChunk;
}

/** The entries with everything that the masks take, too, and their counts; one pass over masked weights. */
export async function applyGivenMasks(
  model: Model,
  entries: readonly PlanEntry[],
  { tensors, masks, onChunk }: MaskedPlan,
): Promise<readonly PlanEntry[]> {
  const layers = new Map(tensors.map(({ tensor, layer }) => [tensor.name, layer]));
  const masked: PlanEntry[] = [];
  for (const entry of entries) {
    const bias = layers.get(entry.tensor)?.bias;
    const withBias = withBiasMask(entry, bias, bias === undefined ? undefined : masks.get(bias));
    const mask = masks.get(entry.tensor);
    masked.push(mask === undefined ? withBias : await withMask(model, withBias, { mask, onChunk }));
  }
  return masked;
}

function withBiasMask(
  entry: PlanEntry,
  bias: string | undefined,
  biasMask: Uint8Array | undefined,
): PlanEntry {
  if (bias === undefined || biasMask === undefined || isMaskEmpty(biasMask)) return entry;
  return { ...entry, maskedBias: { name: bias, mask: biasMask } };
}

async function withMask(
  model: Model,
  entry: PlanEntry,
  { mask, onChunk }: { readonly mask: Uint8Array; readonly onChunk: OnChunk },
): Promise<PlanEntry> {
  const tensor = tensorNamed(model, entry.tensor);
  const all = withUnitsMasked(tensor, entry.cut).mask?.slice();
  const union = all ?? new Uint8Array(maskByteLength(tensor.elementCount));
  addMaskInPlace(union, mask);
  const tally = await tallyMask(model, tensor, union, onChunk);
  // Units stay named beside the mask, for their biases and for who counts them.
  const { zeros: zerosBefore, zerosAfter, nonFinite } = tally;
  return { ...entry, cut: { ...entry.cut, mask: union }, zerosBefore, zerosAfter, nonFinite };
}
