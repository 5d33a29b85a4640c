import type { Graph } from '../../core/graph/graph';
import type { TensorEntry } from '../../core/model/model';
import { batchSizeFor, gradientBatchSizeFor } from './batchSize';

/** How many samples run at once. */
export interface BatchPlan {
  readonly size: number;
  /** Where the network takes batches of this one size only. */
  readonly fixedSize: number | null;
}

/** A graph with what its batches are measured by. */
export interface BatchSubject {
  readonly graph: Graph;
  readonly tensors: readonly TensorEntry[];
  /** Of one sample of each input, without the batch. */
  readonly sampleShapes: readonly (readonly number[])[];
}

/**
 * As many samples as memory allows, or as the file says where it leaves no choice.
 * @param divisor takes only a part of what would fit, for a second try
 */
export function planBatches(subject: BatchSubject, divisor = 1): BatchPlan {
  return planOf(subject, divisor, batchSizeFor);
}

/** The same where gradients are wanted, for which all values of a batch are kept. */
export function planGradientBatches(subject: BatchSubject, divisor = 1): BatchPlan {
  return planOf(subject, divisor, gradientBatchSizeFor);
}

function planOf(
  { graph, tensors, sampleShapes }: BatchSubject,
  divisor: number,
  fittingSize: typeof batchSizeFor,
): BatchPlan {
  const declared = graph.inputs[0]?.shape[0] ?? -1;
  if (declared > 0) return { size: declared, fixedSize: declared };
  const fitting = fittingSize(graph, tensors, sampleShapes);
  return { size: Math.max(1, Math.floor(fitting / divisor)), fixedSize: null };
}
