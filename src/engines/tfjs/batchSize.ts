import type { Graph } from '../../core/graph/graph';
import { inferShapes } from '../../core/graph/inferShapes';
import type { TensorEntry } from '../../core/model/model';
import { ACTIVATION_BUDGET_BYTES, MAX_BATCH_SAMPLES } from './limits';

/** An operator needs room beside its inputs and outputs: padded and transposed copies, at most these many. */
const COPIES = 3;

/**
 * How many samples run at once, so that the largest values of the graph keep within the budget.
 * @param sampleShapes of one sample of each input, without the batch
 */
export function batchSizeFor(
  graph: Graph,
  tensors: readonly TensorEntry[],
  sampleShapes: readonly (readonly number[])[],
): number {
  const shapes = inferShapes(
    graph,
    tensors,
    sampleShapes.map((shape) => [1, ...shape]),
  );
  const sizes = graph.nodes
    .flatMap(({ outputs }) => outputs)
    .map((value) => (value === null ? [] : (shapes.get(value)?.shape ?? [])))
    .map((shape) => shape.reduce((size, n) => size * Math.max(n, 1), 1));
  // Skip connections keep values alive, so two of the largest may be there at once.
  const perSample = Math.max(1, ...sizes) * 4 * 2 * COPIES;
  const fitting = Math.floor(ACTIVATION_BUDGET_BYTES / perSample);
  return Math.min(MAX_BATCH_SAMPLES, Math.max(1, fitting));
}
