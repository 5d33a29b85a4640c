import { FormatError } from '../../errors';
import type { Graph } from '../../graph/graph';
import { inferLayers } from '../../graph/inferLayers';
import type { Layer, Model, Notice, TensorEntry } from '../../model/model';
import { type KerasModel, readKerasModel } from '../kerasConfig/modelConfig';
import { readKerasTopology } from '../kerasConfig/readKerasTopology';
import { isJsonObject } from '../parseJson';
import { unsafeLayers } from './unsafeLayers';

/** What a model's configuration and its tensors' names say together. */
export type Structure = Pick<Model, 'layers' | 'graph' | 'lowerGraph' | 'graphMissing'> & {
  readonly notices: readonly Notice[];
};

/**
 * The layers, and the graph where the configuration tells it.
 * @param topology `{class_name, config, keras_version?}`, null where the file has none
 * @param names by tensor name, the names that Keras has for the variables; tensors without one belong to no layer
 * @throws nothing for a configuration that cannot be read: then the layers are inferred, and that is said.
 */
export function readStructure(
  topology: unknown,
  tensors: readonly TensorEntry[],
  names: ReadonlyMap<string, string>,
): Structure {
  const { named, original } = renamed(tensors, names);
  if (topology === null) {
    return {
      layers: inferLayers(named).map((layer) => restoreLayer(layer, original)),
      graphMissing: 'the file holds weights, but no architecture',
      notices: [],
    };
  }
  const unsafe = unsafeLayers(topology);
  try {
    const { graph, lowerGraph, graphMissing, layers, notices } = readKerasTopology(topology, named);
    return {
      layers: layers.map((layer) => restoreLayer(layer, original)),
      ...(graph === null ? {} : { graph: restoreGraph(graph, original) }),
      ...(lowerGraph === undefined
        ? {}
        : { lowerGraph: (shapes) => restoreGraph(lowerGraph(shapes), original) }),
      ...(graphMissing === null ? {} : { graphMissing }),
      notices: [...unsafe, ...notices],
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const message = `the architecture cannot be read (${error.message}); layers are guessed`;
    return {
      layers: inferLayers(named).map((layer) => restoreLayer(layer, original)),
      graphMissing: message,
      notices: [...unsafe, { code: 'unsupported-operator', message }],
    };
  }
}

/** The configuration's layers; null where it lists none, or cannot be read. */
export function modelOf(topology: unknown): KerasModel | null {
  if (!isJsonObject(topology) || typeof topology['class_name'] !== 'string') return null;
  try {
    return readKerasModel(topology['class_name'], topology['config']);
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

/** The tensors under Keras' names, each of them once, with the way back. */
function renamed(tensors: readonly TensorEntry[], names: ReadonlyMap<string, string>) {
  const original = new Map<string, string>();
  const places = new Map([...names.keys()].map((name, i) => [name, i]));
  const placeOf = ({ name }: TensorEntry): number => places.get(name) ?? names.size;
  const ordered = [...tensors].sort((a, b) => placeOf(a) - placeOf(b));
  const named = ordered.map((tensor) => {
    const wanted = names.get(tensor.name) ?? tensor.name;
    const name = original.has(wanted) ? tensor.name : wanted;
    original.set(name, tensor.name);
    return { ...tensor, name };
  });
  return { named, original };
}

function restoreLayer(layer: Layer, original: ReadonlyMap<string, string>): Layer {
  const restore = (name: string): string => original.get(name) ?? name;
  return {
    ...layer,
    parameters: layer.parameters.map(restore),
    ...(layer.weight === undefined ? {} : { weight: restore(layer.weight) }),
    ...(layer.bias === undefined ? {} : { bias: restore(layer.bias) }),
  };
}

function restoreGraph(graph: Graph, original: ReadonlyMap<string, string>): Graph {
  const parameters = graph.parameters.map((parameter) => ({
    ...parameter,
    tensor: original.get(parameter.tensor) ?? parameter.tensor,
  }));
  return { ...graph, parameters };
}
