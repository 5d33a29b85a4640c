import { unitBias } from '../../graph/unitBias';
import { addMaskInPlace, isMaskEmpty, maskByteLength, maskUnion } from '../../kernels/maskKernels';
import { NO_CUT } from '../../model/applyCut';
import { type Model, tensorNamed } from '../../model/model';
import type { PlanEntry } from '../../report/plan';
import { withUnitsMasked } from '../withUnitsMasked';
import type { PrunedTensor } from '../prunableTensors';
import { tallyMask } from '../scoreMask';
import type { OnChunk } from '../selection';

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
  /** Those of them that the model has already: what they take was zero before. */
  readonly hidden: ReadonlyMap<string, Uint8Array>;
  readonly onChunk: OnChunk;
}

/** The entries with everything that the masks take, too, and their counts; one pass over masked weights. */
export async function applyGivenMasks(
  model: Model,
  entries: readonly PlanEntry[],
  { tensors, masks, hidden, onChunk }: MaskedPlan,
): Promise<readonly PlanEntry[]> {
  const layers = new Map(tensors.map(({ tensor, layer }) => [tensor.name, layer]));
  const masked: PlanEntry[] = [];
  for (const entry of entries) {
    const layer = layers.get(entry.tensor);
    const bias = layer === undefined ? undefined : unitBias(model, layer);
    const withBias = withBiasMask(entry, bias, bias === undefined ? undefined : masks.get(bias));
    const mask = masks.get(entry.tensor);
    masked.push(
      mask === undefined
        ? withBias
        : await withMask(model, withBias, { mask, hidden: hidden.get(entry.tensor), onChunk }),
    );
  }
  return masked;
}

function withBiasMask(
  entry: PlanEntry,
  bias: string | undefined,
  biasMask: Uint8Array | undefined,
): PlanEntry {
  if (bias === undefined || biasMask === undefined || isMaskEmpty(biasMask)) return entry;
  const own = entry.maskedBias?.name === bias ? entry.maskedBias.mask : undefined;
  const mask = own === undefined ? biasMask : maskUnion(own, biasMask);
  return { ...entry, maskedBias: { name: bias, mask } };
}

interface MaskOfEntry {
  readonly mask: Uint8Array;
  readonly hidden: Uint8Array | undefined;
  readonly onChunk: OnChunk;
}

async function withMask(
  model: Model,
  entry: PlanEntry,
  { mask, hidden, onChunk }: MaskOfEntry,
): Promise<PlanEntry> {
  const tensor = tensorNamed(model, entry.tensor);
  const all = withUnitsMasked(tensor, entry.cut).mask?.slice();
  const union = all ?? new Uint8Array(maskByteLength(tensor.elementCount));
  addMaskInPlace(union, mask);
  const tally = await tallyMask(model, tensor, union, onChunk);
  // Units stay named beside the mask, for their biases and for who counts them.
  const { zerosAfter, nonFinite } = tally;
  const before =
    hidden === undefined ? null : await tallyMask(model, tensor, hidden.slice(), onChunk);
  const zerosBefore = before === null ? tally.zeros : before.zerosAfter;
  return { ...entry, cut: { ...entry.cut, mask: union }, zerosBefore, zerosAfter, nonFinite };
}
