import { maskByteLength } from '../../src/core/kernels/maskKernels';
import type { Model, TensorEntry } from '../../src/core/model/model';
import { tensorNamed } from '../../src/core/model/model';
import type { TensorCut } from '../../src/core/report/plan';
import { seededRandom } from './random';

/** A cut for each prunable weight: every third element goes, the others get new values between -1 and 1. */
export function changedValues(model: Model): ReadonlyMap<string, TensorCut> {
  const random = seededRandom(11);
  const weights = model.layers
    .filter(({ prunable }) => prunable)
    .map(({ weight }) => tensorNamed(model, weight!));
  return new Map(weights.map((tensor) => [tensor.name, changedCut(tensor, random)]));
}

function changedCut({ elementCount }: TensorEntry, random: () => number): TensorCut {
  const mask = new Uint8Array(maskByteLength(elementCount));
  for (let i = 0; i < elementCount; i += 3) mask[i >>> 3]! |= 1 << (i & 7);
  const values = Float64Array.from({ length: elementCount }, () => 2 * random() - 1);
  return { threshold: null, tieLimit: 0, unitMap: null, zeroedUnits: [], mask, values };
}

/** What a tensor holds after such a cut, before it is rounded to its own type: in C order. */
export function valuesAfter({ mask, values }: TensorCut): readonly number[] {
  return Array.from(values!, (value, i) => ((mask![i >>> 3]! >>> (i & 7)) & 1 ? 0 : value));
}
