import { UnsupportedError, UsageError } from '../errors';
import type { Layer, Model, TensorEntry } from '../model/model';
import type { BorrowedArchitecture } from '../recipe/recipe';
import type { Graph, GraphParameter } from './graph';
import { inferLayers } from './inferLayers';
import { lockReasonOfWeight } from './lockReason';

/**
 * The graph of another file of the same network, reading the tensors of this one. Tensors that it does not
 * read keep the layers that their names and shapes suggest.
 * @param other the model whose graph it is
 * @throws UnsupportedError where that has no graph; UsageError naming the tensor that is missing or has
 *   another shape.
 */
export function borrowGraph(
  architecture: BorrowedArchitecture,
  other: Model,
  tensors: readonly TensorEntry[],
): Pick<Model, 'graph' | 'lowerGraph' | 'layers'> {
  const { graph, lowerGraph } = other;
  if (graph === undefined) {
    throw new UnsupportedError({
      feature: `architecture: graphOf ${architecture.graphOf}`,
      found: other.graphMissing ?? 'a file without a graph',
      supported: 'a file that says how its layers are connected',
    });
  }
  const binding = new TensorBinding(architecture, other.tensors, tensors);
  const layers = other.layers.flatMap((layer) => binding.layer(layer));
  const bound = binding.graph(graph);
  return {
    graph: bound,
    ...(lowerGraph === undefined
      ? {}
      : { lowerGraph: (shapes) => binding.graph(lowerGraph(shapes)) }),
    layers: [...layers, ...inferLayers(binding.unread(layers))],
  };
}

/** Which tensor of this file stands for which of the other. */
class TensorBinding {
  private readonly theirs: ReadonlyMap<string, TensorEntry>;
  private readonly own: ReadonlyMap<string, TensorEntry>;

  constructor(
    private readonly architecture: BorrowedArchitecture,
    theirs: readonly TensorEntry[],
    own: readonly TensorEntry[],
  ) {
    this.theirs = new Map(theirs.map((tensor) => [tensor.name, tensor]));
    this.own = new Map(own.map((tensor) => [tensor.name, tensor]));
  }

  graph(graph: Graph): Graph {
    const parameters = graph.parameters.map((parameter) => this.parameter(parameter));
    return { ...graph, parameters };
  }

  /** The layer with this file's tensors; none where this file does not have its weight. */
  layer(layer: Layer): readonly Layer[] {
    if (layer.weight === undefined) return [];
    const weight = this.own.get(this.nameOf(layer.weight));
    if (weight === undefined) return [];
    const lockedBy = layer.lockedBy ?? lockReasonOfWeight(weight);
    return [
      {
        ...layer,
        parameters: layer.parameters
          .map((name) => this.nameOf(name))
          .filter((name) => this.own.has(name)),
        weight: weight.name,
        ...(layer.bias === undefined ? {} : { bias: this.nameOf(layer.bias) }),
        prunable: layer.prunable && lockedBy === null,
        lockedBy,
      },
    ];
  }

  /** The tensors of this file that no layer has. */
  unread(layers: readonly Layer[]): readonly TensorEntry[] {
    const read = new Set(layers.flatMap(({ parameters }) => parameters));
    return [...this.own.values()].filter(({ name }) => !read.has(name));
  }

  private parameter(parameter: GraphParameter): GraphParameter {
    const name = this.nameOf(parameter.tensor);
    const tensor = this.own.get(name);
    if (tensor === undefined) throw this.missing(parameter.tensor, name);
    const shape = this.theirs.get(parameter.tensor)?.shape ?? [];
    if (tensor.shape.join() !== shape.join()) {
      throw this.wrong(
        `${parameter.tensor} has shape [${shape.join(', ')}], but ${name} of this file [${tensor.shape.join(', ')}]`,
      );
    }
    return { ...parameter, tensor: name };
  }

  private nameOf(theirs: string): string {
    const { names = {} } = this.architecture;
    return Object.hasOwn(names, theirs) ? (names[theirs] ?? theirs) : theirs;
  }

  private missing(theirs: string, name: string): UsageError {
    const found = [...this.own.keys()];
    const list = found.length > 8 ? [...found.slice(0, 8), '…'] : found;
    return this.wrong(
      `its graph reads ${theirs}, but there is no tensor ${name} here; names may say what it is called; the file has ${list.join(', ')}`,
    );
  }

  private wrong(what: string): UsageError {
    return new UsageError(`architecture: graphOf ${this.architecture.graphOf}: ${what}`);
  }
}
