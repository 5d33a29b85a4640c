import { UnsupportedError } from '../../core/errors';
import type { DifferentiableExecutor } from '../../core/graph/executor';
import type { Graph } from '../../core/graph/graph';
import { inferShapes } from '../../core/graph/inferShapes';
import { opaqueOperators } from '../../core/graph/opaqueOperators';
import type { Model } from '../../core/model/model';
import type { PlanEntry } from '../../core/report/plan';
import { unsupportedOperators } from '../unsupportedOperators';
import { LoweredGraphs } from './loweredGraphs';
import { Parameters } from './parameters';
import { startTfjs } from './startTfjs';
import { TfjsExecutor } from './tfjsExecutor';

/**
 * Makes a model's graph ready to run on TensorFlow.js, with the cuts of a plan applied to its weights.
 * Where the model is lowered again for concrete shapes, that is done as batches come.
 * @throws UnsupportedError for a model without a graph or with operators outside the set; FormatError
 *   where the graph's nodes and tensors do not fit together.
 */
export async function createTfjsExecutor(
  model: Model,
  cuts: readonly PlanEntry[],
): Promise<DifferentiableExecutor> {
  const graph = executableGraph(model);
  const engine = await startTfjs();
  const parameters = new Parameters(model, cuts);
  try {
    if (model.lowerGraph === undefined) {
      inferShapes(graph, model.tensors);
      await parameters.load(graph);
    }
    return new TfjsExecutor(engine, new LoweredGraphs(model, graph, parameters), parameters);
  } catch (error) {
    parameters.dispose();
    throw error;
  }
}

/**
 * The model's graph as its file declares it. Operators that shapes may still resolve are left for when those are known.
 * @throws UnsupportedError where there is none, or where it has operators that cannot be run.
 */
export function executableGraph(model: Model): Graph {
  const { graph } = model;
  if (graph === undefined) {
    throw new UnsupportedError({
      feature: 'running the model',
      found: model.graphMissing ?? 'no graph',
      supported: 'a model whose file, or whose recipe, says how its layers are connected',
    });
  }
  if (model.lowerGraph === undefined && opaqueOperators(graph).length > 0) {
    throw unsupportedOperators(graph);
  }
  return graph;
}
