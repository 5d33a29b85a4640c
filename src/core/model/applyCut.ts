import {
  applyThresholdInPlace,
  type ZeroableArray,
  zeroMaskedInPlace,
  zeroUnitsInPlace,
} from '../kernels/applyCutKernel';
import { writeZeroCodesInPlace } from '../kernels/codeKernels';
import { swapBytesInPlace } from '../kernels/swapBytes';
import type { PlanEntry, TensorCut } from '../report/plan';
import { codesOf, type DecodeScratch, decodeScores, type Values } from './decodeValues';
import { flatIndexMap } from './elementOrder';
import type { TensorEntry } from './model';
import { zeroFormOf } from './zeroForm';

/** Sets to zero what a cut takes from one tensor, in the tensor's own stored type. */
export type CutFunction = (bytes: Uint8Array<ArrayBuffer>, firstElement: number) => void;

/** The cuts of a plan by tensor name: weights, and the biases whose units go. */
export function cutsByTensor(entries: readonly PlanEntry[]): ReadonlyMap<string, TensorCut> {
  const cuts = new Map<string, TensorCut>();
  for (const { tensor, bias, cut } of entries) {
    cuts.set(tensor, cut);
    if (bias !== null && cut.zeroedUnits.length > 0) cuts.set(bias, biasCut(cut));
  }
  return cuts;
}

/** A bias holds one element a unit, so its unit map is the index itself. */
function biasCut(cut: TensorCut): TensorCut {
  return {
    threshold: null,
    tieLimit: 0,
    unitMap: { inner: 1, count: cut.unitMap?.count ?? 0 },
    zeroedUnits: cut.zeroedUnits,
  };
}

/** Whether a cut changes nothing. */
export function isEmptyCut({ threshold, zeroedUnits, mask, values }: TensorCut): boolean {
  if (mask !== undefined || values !== undefined) return false;
  return threshold === null && zeroedUnits.length === 0;
}

/**
 * A function that applies a cut to whole stored elements, chunk by chunk and in any order.
 * The elements' bytes must begin at a multiple of 8 of their buffer.
 */
export function makeCutFunction(
  tensor: TensorEntry,
  cut: TensorCut,
  scratch: DecodeScratch,
): CutFunction {
  const applyToValues = makeValueCut(tensor, cut);
  const zeroForm = zeroFormOf(tensor);
  return (bytes, firstElement) => {
    const scores = decodeScores(tensor, bytes, scratch, firstElement);
    if (typeof zeroForm !== 'string' && zeroForm.kind === 'codes') {
      applyToValues(scores, scores, firstElement);
      const place = { firstElement, inner: zeroForm.map.inner };
      writeZeroCodesInPlace(codesOf(tensor, bytes), scores, zeroForm.codes, place);
    } else {
      applyToValues(storedView(tensor, bytes, scores), scores, firstElement);
    }
    if (!tensor.littleEndian) swapBytesInPlace(bytes, tensor.storedElementBytes);
  };
}

/** As {@link makeCutFunction}, on decoded values: `stored` receives the zeros that `scores` decide. */
export function makeValueCut(
  tensor: TensorEntry,
  cut: TensorCut,
): (stored: ZeroableArray, scores: Values, firstElement: number) => void {
  const flatIndexOf = flatIndexMap(tensor);
  const { threshold, tieLimit, unitMap, mask } = cut;
  const unitFlags = unitMap === null ? null : unitFlagsOf(cut.zeroedUnits, unitMap.count);
  return (stored, scores, firstElement) => {
    if (unitFlags !== null && unitMap !== null && cut.zeroedUnits.length > 0) {
      zeroUnitsInPlace(stored, scores, { firstElement, inner: unitMap.inner, unitFlags });
    }
    if (mask !== undefined) {
      zeroMaskedInPlace(stored, mask, { firstElement, flatIndexOf });
    } else if (threshold !== null) {
      applyThresholdInPlace(stored, scores, { threshold, firstElement, tieLimit, flatIndexOf });
    }
  };
}

/** One flag a unit: 1 where it goes. */
export function unitFlagsOf(units: readonly number[], count: number): Uint8Array {
  const flags = new Uint8Array(count);
  for (const unit of units) flags[unit] = 1;
  return flags;
}

function storedView(
  tensor: TensorEntry,
  bytes: Uint8Array<ArrayBuffer>,
  scores: Values,
): ZeroableArray {
  if (scores.buffer === bytes.buffer) return scores;
  switch (tensor.storedElementBytes) {
    case 2:
      return new Uint16Array(bytes.buffer, bytes.byteOffset, scores.length);
    case 1:
      return bytes;
    default:
      throw new Error(`weights of ${tensor.dtype} are not pruned in place`);
  }
}
