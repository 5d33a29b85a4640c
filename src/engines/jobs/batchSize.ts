import type { Graph } from '../../core/graph/graph';
import { inferShapes } from '../../core/graph/inferShapes';
import type { TensorEntry } from '../../core/model/model';
import { ACTIVATION_BUDGET_BYTES, GRADIENT_BUDGET_BYTES, MAX_BATCH_SAMPLES } from '../tfjs/limits';

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
  const sizes = valueSizes(graph, tensors, sampleShapes);
  // Skip connections keep values alive, so two of the largest may be there at once.
  return fittingSamples(ACTIVATION_BUDGET_BYTES, 2 * COPIES * largest(sizes));
}

/**
 * How many samples are differentiated at once: every value of the graph is kept for the way back, on which the
 * operator in hand is computed again beside its gradients.
 * @param sampleShapes of one sample of each input, without the batch
 */
export function gradientBatchSizeFor(
  graph: Graph,
  tensors: readonly TensorEntry[],
  sampleShapes: readonly (readonly number[])[],
): number {
  const sizes = valueSizes(graph, tensors, sampleShapes);
  const kept = sizes.reduce((sum, size) => sum + size, 0);
  return fittingSamples(GRADIENT_BUDGET_BYTES, kept + 4 * COPIES * largest(sizes));
}

/** @param perSample elements */
function fittingSamples(budget: number, perSample: number): number {
  const fitting = Math.floor(budget / (perSample * Float32Array.BYTES_PER_ELEMENT));
  return Math.min(MAX_BATCH_SAMPLES, Math.max(1, fitting));
}

function largest(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 1);
}

/** Elements of each value that the nodes make of one sample. */
function valueSizes(
  graph: Graph,
  tensors: readonly TensorEntry[],
  sampleShapes: readonly (readonly number[])[],
): readonly number[] {
  const shapes = inferShapes(
    graph,
    tensors,
    sampleShapes.map((shape) => [1, ...shape]),
  );
  return graph.nodes
    .flatMap(({ outputs }) => outputs)
    .map((value) => (value === null ? [] : (shapes.get(value)?.shape ?? [])))
    .map((shape) => shape.reduce((size, n) => size * Math.max(n, 1), 1));
}
