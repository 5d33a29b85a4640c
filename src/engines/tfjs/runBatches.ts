import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Dataset } from '../../core/evaluation/dataset';
import type { DenseArray, Executor } from '../../core/graph/executor';
import { type JobControl, throwIfCancelled } from '../../core/progress';

/** What came out of one batch. */
export interface BatchResult {
  readonly first: number;
  readonly batch: Batch;
  readonly outputs: readonly DenseArray[];
}

/**
 * Runs a data set through the network, batch by batch. Between batches progress is reported and the
 * signal looked at, after a turn of the event loop: a kernel itself cannot be interrupted.
 * @throws CancelledError, and what reading and running throw.
 */
export async function* runBatches(
  executor: Executor,
  dataset: Dataset,
  batchSize: number,
  control: JobControl,
): AsyncGenerator<BatchResult, void, undefined> {
  const total = dataset.sampleCount;
  for (let first = 0; first < total; first += batchSize) {
    control.report({ phase: 'evaluate', done: first, total, item: dataset.name });
    await nextTurn();
    throwIfCancelled(control.signal);
    const batch = await dataset.readBatch(first, Math.min(total, first + batchSize));
    yield { first, batch, outputs: await executor.run(batch.inputs) };
  }
  control.report({ phase: 'evaluate', done: total, total, item: dataset.name });
}
