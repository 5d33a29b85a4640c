import { UsageError } from '../../core/errors';
import type { ComparedEvaluations } from '../../core/evaluation/comparison';
import { ModelComparison } from '../../core/evaluation/modelComparison';
import { ModelScoring } from '../../core/evaluation/modelScoring';
import type { JobControl } from '../../core/progress';
import type { JobParams } from '../../protocol/workerJob';
import { scoringChoice } from './evaluateFile';
import { measureLatency } from './measureLatency';
import { openRunnable, type Runnable } from './openRunnable';
import { type ReadBatch, readBatches, runBatch } from './runBatches';

/**
 * Runs two models on the same samples, batch by batch in turn: their figures, the paired differences, how
 * close their outputs are and, where asked for, how long each takes. Samples are read once for both,
 * unless the models take them in different forms.
 * @throws as {@link evaluateFile}; UsageError where neither labels nor outputs can be compared.
 */
export async function compareFiles(
  params: JobParams<'compare'>,
  control: JobControl,
): Promise<ComparedEvaluations> {
  const before = await openRunnable(params.before, params, control);
  try {
    const after = await openRunnable(params.after, params, control, before);
    try {
      return await compareRunnables({ before, after }, params, control);
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}

/** The two models of a comparison. */
export interface RunnablePair {
  readonly before: Runnable;
  readonly after: Runnable;
}

async function compareRunnables(
  pair: RunnablePair,
  params: JobParams<'compare'>,
  control: JobControl,
): Promise<ComparedEvaluations> {
  const { before, after } = pair;
  assertSameSamples(pair);
  const choice = scoringChoice(params);
  const comparison = new ModelComparison(
    new ModelScoring(before.graph, before.dataset, choice),
    new ModelScoring(after.graph, after.dataset, choice),
  );
  const batchSize = Math.min(before.plan.size, after.plan.size);
  for await (const read of readBatches(before.dataset, batchSize, control)) {
    await compareBatch(comparison, pair, read, control);
  }
  const names = before.graph.outputs.map(({ name }) => name);
  const compared = comparison.result({
    samples: before.dataset.sampleCount,
    seed: params.seed,
    names: names.slice(0, after.graph.outputs.length),
    engines: { before: before.executor.engine, after: after.executor.engine },
  });
  if (!params.latency) return compared;
  const latency = await measureLatency(pair, batchSize, control);
  return { ...compared, comparison: { ...compared.comparison, latency } };
}

function assertSameSamples({ before, after }: RunnablePair): void {
  if (before.dataset.sampleCount === after.dataset.sampleCount) return;
  throw new UsageError(
    `${before.dataset.name}: ${before.dataset.sampleCount} samples as one model takes them, ${after.dataset.sampleCount} as the other does; allowed: the same samples for both`,
  );
}

async function compareBatch(
  comparison: ModelComparison,
  { before, after }: RunnablePair,
  read: ReadBatch,
  control: JobControl,
): Promise<void> {
  const { first, sampleCount } = read;
  const otherBatch =
    after.dataset === before.dataset
      ? read.batch
      : await after.dataset.readBatch(first, first + sampleCount);
  const outputs = await runBatch(before.executor, read, before.plan, control);
  const other = { batch: otherBatch, sampleCount };
  const otherOutputs = await runBatch(after.executor, other, after.plan, control);
  comparison.before.add(first, outputs, read.batch, sampleCount);
  comparison.after.add(first, otherOutputs, otherBatch, sampleCount);
  comparison.add(outputs, otherOutputs, sampleCount);
}
