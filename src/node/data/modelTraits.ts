import type { ActivationFunction } from '../../core/graph/operators/activation';
import type { Graph } from '../../core/graph/graph';
import { finalActivation } from '../../core/graph/finalActivation';
import { inferShapes } from '../../core/graph/inferShapes';
import type { Model } from '../../core/model/model';

/** What guesses about data need to know of the model. */
export interface ModelTraits {
  readonly inputs: Graph['inputs'];
  /** Numbers a sample of the first output; null where it is not known before the model is run. */
  readonly outputCount: number | null;
  readonly activation: ActivationFunction | null;
}

/** Traits of a model; null for one without a graph. @throws FormatError where its graph does not fit together. */
export function modelTraits(model: Model): ModelTraits | null {
  const { graph } = model;
  if (graph === undefined) return null;
  const [output] = graph.outputs;
  const shape =
    output === undefined ? undefined : inferShapes(graph, model.tensors).get(output.value)?.shape;
  const sizes = shape?.slice(1) ?? [-1];
  return {
    inputs: graph.inputs,
    outputCount: sizes.includes(-1) ? null : sizes.reduce((product, size) => product * size, 1),
    activation: finalActivation(graph),
  };
}

/** What a graph alone tells. */
export function graphTraits(graph: Graph): ModelTraits {
  return { inputs: graph.inputs, outputCount: null, activation: finalActivation(graph) };
}
