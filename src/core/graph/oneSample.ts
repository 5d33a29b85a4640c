import type { Model } from '../model/model';
import type { Graph } from './graph';
import { inferShapes, type ValueShapes } from './inferShapes';

/** A graph with the shapes of its values. */
export interface ShapedGraph {
  readonly graph: Graph;
  readonly shapes: ValueShapes;
}

/**
 * The graph of a model as it runs on one sample: dimensions that it leaves open are 1. Null where the file has none.
 * @throws FormatError where nodes and tensors do not fit together; UnsupportedError.
 */
export function graphOfOneSample(model: Model): ShapedGraph | null {
  if (model.graph === undefined) return null;
  const inputShapes = model.graph.inputs.map(({ shape }) =>
    shape.map((size) => (size < 0 ? 1 : size)),
  );
  const graph = model.lowerGraph?.(inputShapes) ?? model.graph;
  return { graph, shapes: inferShapes(graph, model.tensors, inputShapes) };
}
