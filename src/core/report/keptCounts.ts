import { markKept } from '../kernels/packKernels';
import { MAX_UNASKED_GZIP_BYTES } from '../limits';
import { isEmptyCut, makeCutFunction } from '../model/applyCut';
import { makeDecodeScratch } from '../model/decodeValues';
import { type Model, storedByteLength, type TensorEntry } from '../model/model';
import { TensorStreamer } from '../model/streamTensor';
import { zeroFormOf } from '../model/zeroForm';
import { hasWholeElements } from '../pack/countKept';
import { type JobControl, throwIfCancelled } from '../progress';
import type { PlanEntry, TensorCut } from './plan';

/** Elements that packing keeps, those with any bit set, before and after a plan. */
export interface KeptCounts {
  readonly before: number;
  readonly after: number;
}

/** What is planned for a model. */
export interface PlannedWrite {
  readonly entries: readonly PlanEntry[];
  /** As they are written, by tensor. */
  readonly cuts: ReadonlyMap<string, TensorCut>;
}

/**
 * The elements that are kept of each tensor. Where a tensor had no zeros the plan's counts tell it; others are read,
 * because a negative zero counts as zero there and is kept with its bit. What is not planned is read up to
 * 64 MiB in all, and beyond taken as it is.
 * @throws IoError, FormatError, CancelledError.
 */
export async function keptCounts(
  model: Model,
  { entries, cuts }: PlannedWrite,
  control: Pick<JobControl, 'signal'>,
): Promise<ReadonlyMap<string, KeptCounts>> {
  const planned = new Map(entries.map((entry) => [entry.tensor, entry]));
  const others = model.tensors.filter(({ name }) => !planned.has(name) && !cuts.has(name));
  const otherBytes = others.reduce((sum, tensor) => sum + storedByteLength(tensor), 0);
  const taken = new Set(otherBytes > MAX_UNASKED_GZIP_BYTES ? others : []);
  const counts = new Map<string, KeptCounts>();
  for (const tensor of model.tensors) {
    if (taken.has(tensor) || !hasWholeElements(tensor)) continue;
    const cut = cuts.get(tensor.name) ?? null;
    const told = toldCounts(tensor, planned.get(tensor.name), cut);
    counts.set(tensor.name, told ?? (await countBoth(model, tensor, { cut, control })));
  }
  return counts;
}

/** Null where the plan's counts do not tell. */
function toldCounts(
  tensor: TensorEntry,
  entry: PlanEntry | undefined,
  cut: TensorCut | null,
): KeptCounts | null {
  if (entry === undefined || entry.zerosBefore > 0 || cut?.values !== undefined) return null;
  const form = zeroFormOf(tensor);
  if (typeof form === 'string' || form.kind !== 'bits') return null;
  const { elementCount } = tensor;
  return { before: elementCount, after: elementCount - (cut === null ? 0 : entry.zerosAfter) };
}

/** One pass. */
async function countBoth(
  model: Model,
  tensor: TensorEntry,
  work: { readonly cut: TensorCut | null; readonly control: Pick<JobControl, 'signal'> },
): Promise<KeptCounts> {
  const { cut, control } = work;
  const apply =
    cut === null || isEmptyCut(cut) ? null : makeCutFunction(tensor, cut, makeDecodeScratch());
  let [before, after] = [0, 0];
  let flags = new Uint8Array(0);
  for await (const { bytes, elementCount, firstElement } of new TensorStreamer(model).chunks(
    tensor,
  )) {
    throwIfCancelled(control.signal);
    if (flags.length < elementCount) flags = new Uint8Array(elementCount);
    before += markKept(bytes, tensor.storedElementBytes, flags);
    if (apply === null) continue;
    apply(bytes, firstElement);
    after += markKept(bytes, tensor.storedElementBytes, flags);
  }
  return { before, after: apply === null ? before : after };
}
