import type { DifferentiableExecutor } from '../../core/graph/executor';
import { inferShapes } from '../../core/graph/inferShapes';
import type { Model } from '../../core/model/model';
import type { PlanEntry } from '../../core/report/plan';
import { executableGraph } from '../runnableGraph';
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
