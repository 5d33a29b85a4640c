import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Dataset } from '../../core/evaluation/dataset';
import type { DenseArray, Executor } from '../../core/graph/executor';
import { type JobControl, throwIfCancelled } from '../../core/progress';
import type { BatchPlan } from './batchPlan';

/** Samples read together. */
export interface ReadBatch {
  readonly first: number;
  readonly sampleCount: number;
  readonly batch: Batch;
}

/** What came out of one batch. */
export interface BatchResult extends ReadBatch {
  readonly outputs: readonly DenseArray[];
}

/**
 * Reads a data set batch by batch. Between batches progress is reported and the signal looked at, after a
 * turn of the event loop.
 * @throws CancelledError, and what reading throws.
 */
export async function* readBatches(
  dataset: Dataset,
  batchSize: number,
  control: JobControl,
): AsyncGenerator<ReadBatch, void, undefined> {
  const total = dataset.sampleCount;
  for (let first = 0; first < total; first += batchSize) {
    control.report({ phase: 'evaluate', done: first, total, item: dataset.name });
    await nextTurn();
    throwIfCancelled(control.signal);
    const end = Math.min(total, first + batchSize);
    const batch = await dataset.readBatch(first, end);
    yield { first, sampleCount: end - first, batch };
  }
  control.report({ phase: 'evaluate', done: total, total, item: dataset.name });
}

/**
 * Runs a data set through the network, batch by batch.
 * @throws CancelledError, and what reading and running throw.
 */
export async function* runBatches(
  executor: Executor,
  dataset: Dataset,
  plan: BatchPlan,
  control: JobControl,
): AsyncGenerator<BatchResult, void, undefined> {
  for await (const read of readBatches(dataset, plan.size, control)) {
    yield { ...read, outputs: await runBatch(executor, read, plan, control) };
  }
}

/**
 * Runs one batch. A network that takes only batches of one size gets its last one filled up with the last
 * sample, and what comes of that is cut off again.
 */
export async function runBatch(
  executor: Executor,
  { batch, sampleCount }: Pick<ReadBatch, 'batch' | 'sampleCount'>,
  { fixedSize }: BatchPlan,
  { signal }: JobControl,
): Promise<readonly DenseArray[]> {
  if (fixedSize === null || fixedSize === sampleCount) return executor.run(batch.inputs, signal);
  const filled = batch.inputs.map((input) => fillUp(input, sampleCount, fixedSize));
  const outputs = await executor.run(filled, signal);
  return outputs.map((output) => cutOff(output, sampleCount, fixedSize));
}

/** A batch of more samples: those there are, and the last of them again and again. */
export function fillUp(
  { shape, values }: DenseArray,
  sampleCount: number,
  wanted: number,
): DenseArray {
  const size = values.length / sampleCount;
  const filled = new Float32Array(size * wanted);
  filled.set(values);
  for (let sample = sampleCount; sample < wanted; sample++) {
    filled.copyWithin(sample * size, (sampleCount - 1) * size, sampleCount * size);
  }
  return { shape: [wanted, ...shape.slice(1)], values: filled };
}

/** An output that does not have the batch in front is left as it is. */
function cutOff(output: DenseArray, sampleCount: number, size: number): DenseArray {
  const [rows = 0, ...rest] = output.shape;
  if (rows % size !== 0) return output;
  const kept = (rows / size) * sampleCount;
  const values = output.values.subarray(0, (output.values.length / rows) * kept);
  return { shape: [kept, ...rest], values };
}
