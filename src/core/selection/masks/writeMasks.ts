import { NpzWriter } from '../../formats/numpy/npzWriter';
import { cutsByTensor, makeValueCut } from '../../model/applyCut';
import { decodeScores, makeDecodeScratch } from '../../model/decodeValues';
import { flatIndexMap } from '../../model/elementOrder';
import { type Model, type TensorEntry, tensorNamed } from '../../model/model';
import type { ByteSink } from '../../model/modelSink';
import { TensorStreamer } from '../../model/streamTensor';
import { type JobControl, throwIfCancelled } from '../../progress';
import type { PlanEntry, TensorCut } from '../../report/plan';

/**
 * Writes what a plan takes as an npz: for each pruned tensor (and each bias of which something goes) an array under its
 * name, in its shape, of bytes: 1 where a weight stays, 0 where it goes. What is zero already, and is not
 * among what goes, stays. Weights that are not finite stay.
 * Space: a chunk; a byte a weight of tensors that are not stored in C order.
 * @throws IoError, FormatError, CancelledError.
 */
export async function writeMasks(
  model: Model,
  entries: readonly PlanEntry[],
  sink: ByteSink,
  { signal }: JobControl,
): Promise<void> {
  const writer = new NpzWriter(sink);
  for (const [name, cut] of cutsByTensor(entries)) {
    const tensor = tensorNamed(model, name);
    const kept = keptBytes(model, tensor, cut);
    const chunks = tensor.storageOrder === null ? kept : inCOrder(tensor, kept);
    await writer.add({ name, shape: tensor.shape, descr: '|u1', chunks: watched(chunks, signal) });
  }
  await writer.finish();
}

async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  signal: JobControl['signal'],
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    throwIfCancelled(signal);
    yield chunk;
  }
}

/** One byte an element, in the order in which they are stored. */
async function* keptBytes(
  model: Model,
  tensor: TensorEntry,
  cut: TensorCut,
): AsyncGenerator<Uint8Array> {
  const applyCut = makeValueCut(tensor, cut);
  const scratch = makeDecodeScratch();
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const scores = decodeScores(tensor, bytes, scratch, firstElement);
    const kept = new Uint8Array(scores.length).fill(1);
    applyCut(kept, scores, firstElement);
    yield kept;
  }
}

async function* inCOrder(
  tensor: TensorEntry,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const flatIndexOf = flatIndexMap(tensor) ?? ((index: number) => index);
  const all = new Uint8Array(tensor.elementCount);
  let at = 0;
  for await (const chunk of chunks) {
    for (const kept of chunk) all[flatIndexOf(at++)] = kept;
  }
  yield all;
}
