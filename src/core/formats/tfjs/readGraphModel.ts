import { FormatError } from '../../errors';
import type { Graph } from '../../graph/graph';
import { opaqueOperators } from '../../graph/opaqueOperators';
import type { Layer, Model, Notice } from '../../model/model';
import type { JsonObject } from '../parseJson';
import { graphLayers } from './graphLayers';
import { parseGraphNodes } from './graphNodes';
import { graphEnds } from './lowering/graphEnds';
import { type LoweringSource, lowerTensorflowGraph } from './lowering/lowerTensorflowGraph';
import { readSmallTensors } from './lowering/readSmallTensors';

/** What a graph model's topology says. */
export type GraphModelParts = Pick<Model, 'layers' | 'graph' | 'lowerGraph' | 'graphMissing'> & {
  readonly notices: readonly Notice[];
};

/**
 * Layers and graph of a TensorFlow.js graph model. Small tensors, which say shapes and axes, are read.
 * @param model with its files and tensors
 * @throws FormatError naming the node; IoError as reading does.
 */
export async function readGraphModel(json: JsonObject, model: Model): Promise<GraphModelParts> {
  const nodes = parseGraphNodes(json['modelTopology']);
  const layers = graphLayers(nodes, model.tensors);
  const ends = graphEnds(json, nodes);
  if (nodes.length === 0 || ends.outputs.length === 0) {
    return { layers, graphMissing: 'the graph model has no outputs', notices: [] };
  }
  const { tensors } = model;
  const source = { nodes, tensors, layers, ends, small: await readSmallTensors(model) };
  return lowered(source, layers);
}

function lowered(source: LoweringSource, layers: readonly Layer[]): GraphModelParts {
  try {
    const graph = lowerTensorflowGraph(source);
    return {
      layers,
      graph,
      lowerGraph: (shapes) => lowerTensorflowGraph(source, shapes),
      notices: unsupported(graph),
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const message = `the graph cannot be read (${error.message})`;
    return { layers, graphMissing: message, notices: [{ code: 'unsupported-operator', message }] };
  }
}

function unsupported(graph: Graph): readonly Notice[] {
  return opaqueOperators(graph).map((name) => {
    const message = `${name} cannot be run here: its weights are shown and pruned, but not evaluated`;
    return { code: 'unsupported-operator', message };
  });
}
