import { maskByteLength } from '../kernels/maskKernels';
import { unitFlagsOf } from '../model/applyCut';
import { flatIndexMap } from '../model/elementOrder';
import type { TensorEntry } from '../model/model';
import type { TensorCut } from '../report/plan';

/** The cut with its units as a mask: one cut can name the units of one side only. */
export function withUnitsMasked(tensor: TensorEntry, cut: TensorCut): TensorCut {
  const { unitMap, zeroedUnits } = cut;
  if (unitMap === null || zeroedUnits.length === 0) return cut;
  const mask = cut.mask?.slice() ?? new Uint8Array(maskByteLength(tensor.elementCount));
  const goes = unitFlagsOf(zeroedUnits, unitMap.count);
  const flatIndexOf = flatIndexMap(tensor) ?? ((index: number) => index);
  for (let i = 0; i < tensor.elementCount; i++) {
    if (goes[Math.floor(i / unitMap.inner) % unitMap.count] !== 1) continue;
    const index = flatIndexOf(i);
    mask[index >>> 3] = (mask[index >>> 3] ?? 0) | (1 << (index & 7));
  }
  return { ...cut, mask, unitMap: null, zeroedUnits: [] };
}
