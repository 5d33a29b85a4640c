import {
  applyThresholdInPlace,
  gatherValues,
  replaceInPlace,
  type ZeroableArray,
  zeroMaskedInPlace,
  zeroUnitsInPlace,
} from '../kernels/applyCutKernel';
import { type CodeArray, writeZeroCodesInPlace } from '../kernels/codeKernels';
import { maskUnion } from '../kernels/maskKernels';
import { swapBytesInPlace } from '../kernels/swapBytes';
import type { PlanEntry, TensorCut } from '../report/plan';
import { codesOf, type DecodeScratch, decodeScores, type Values } from './decodeValues';
import { flatIndexMap } from './elementOrder';
import { encodeValues } from './encodeValues';
import type { TensorEntry } from './model';
import { zeroFormOf } from './zeroForm';

/** Sets to zero what a cut takes from one tensor, in the tensor's own stored type. */
export type CutFunction = (bytes: Uint8Array<ArrayBuffer>, firstElement: number) => void;

/** The cuts of a plan by tensor name: weights, and the biases whose units go. */
export function cutsByTensor(entries: readonly PlanEntry[]): ReadonlyMap<string, TensorCut> {
  const cuts = new Map<string, TensorCut>();
  for (const { tensor, bias, cut, maskedBias } of entries) {
    cuts.set(tensor, cut);
    if (bias !== null && cut.zeroedUnits.length > 0) cuts.set(bias, biasCut(cut));
    if (maskedBias === undefined) continue;
    const { name, mask } = maskedBias;
    const known = cuts.get(name) ?? NO_CUT;
    // Several weights may have their biases in one tensor.
    const all = known.mask === undefined ? mask : maskUnion(known.mask, mask);
    cuts.set(name, { ...known, mask: all });
  }
  return cuts;
}

/** Takes nothing. */
export const NO_CUT: TensorCut = { threshold: null, tieLimit: 0, unitMap: null, zeroedUnits: [] };

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
  const update = cut.values === undefined ? null : makeUpdate(tensor, cut, cut.values);
  return (bytes, firstElement) => {
    const scores = decodeScores(tensor, bytes, scratch, firstElement);
    // What was zero and stays may become another number: only what is masked is zero then.
    if (update !== null && scores.buffer !== bytes.buffer) fillFinite(scores);
    if (typeof zeroForm !== 'string' && zeroForm.kind === 'codes') {
      applyToValues(scores, scores, firstElement);
      const place = { firstElement, inner: zeroForm.map.inner };
      const codes = codesOf(tensor, bytes);
      update?.(codes, firstElement);
      writeZeroCodesInPlace(codes, scores, zeroForm.codes, place);
    } else {
      const stored = storedView(tensor, bytes, scores);
      update?.(stored, firstElement);
      applyToValues(stored, scores, firstElement);
    }
    if (!tensor.littleEndian) swapBytesInPlace(bytes, tensor.storedElementBytes);
  };
}

/** A function that writes new values over stored elements, before any of them is set to zero. */
function makeUpdate(
  tensor: TensorEntry,
  { mask, threshold }: TensorCut,
  values: Values,
): (stored: CodeArray, firstElement: number) => void {
  if (mask === undefined && threshold !== null) {
    throw new Error(`${tensor.name} has new values, so what goes must be told by a mask`);
  }
  const flatIndexOf = flatIndexMap(tensor);
  return (stored, firstElement) => {
    const wanted = new Float64Array(stored.length);
    gatherValues(values, { firstElement, flatIndexOf }, wanted);
    replaceInPlace(stored, encodeValues(tensor, wanted, firstElement), wanted);
  };
}

/** 1 in place of every finite number. */
function fillFinite(scores: Values): void {
  for (let i = 0; i < scores.length; i++) if (Number.isFinite(scores[i])) scores[i] = 1;
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
    case 8:
      return new Float64Array(bytes.buffer, bytes.byteOffset, scores.length);
    case 4:
      return new Float32Array(bytes.buffer, bytes.byteOffset, scores.length);
    case 2:
      return new Uint16Array(bytes.buffer, bytes.byteOffset, scores.length);
    case 1:
      return bytes;
    default:
      throw new Error(`weights of ${tensor.dtype} are not pruned in place`);
  }
}
