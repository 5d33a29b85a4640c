import { type Layer, type Model, tensorNamed } from '../model/model';
import type { Graph, GraphNode } from './graph';
import { type GraphUses, graphUses, tensorUses } from './graphUses';
import { unitsOf } from './unitsOf';

/** The tensor that scales a layer's units one by one, or in words why there is none. */
export type UnitScale =
  | { readonly kind: 'found'; readonly gamma: string }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * The scale (gamma) of the normalization that follows a layer. Where the file has a graph: of the first
 * normalization behind the layer, before anything else that has weights, joins another branch, or is read
 * twice. Where it has none: of the next normalization in the order of the layers, before the next layer
 * that can be pruned, if it has as many values as the layer has units.
 */
export function unitScaleOf(model: Model, layer: Layer, unitCount: number): UnitScale {
  const scale =
    model.graph === undefined
      ? scaleByOrder(model, layer)
      : searchIn(model.graph).behind(layer.weight ?? '');
  if (scale.kind === 'none') return scale;
  const { elementCount } = tensorNamed(model, scale.gamma);
  if (elementCount === unitCount) return scale;
  return none(
    `the normalization that follows has ${elementCount} values in ${scale.gamma} for ${unitCount} units`,
  );
}

/** Graphs are immutable, and each of their layers is asked for. */
const searches = new WeakMap<Graph, ScaleSearch>();

function searchIn(graph: Graph): ScaleSearch {
  const search = searches.get(graph) ?? new ScaleSearch(graph);
  searches.set(graph, search);
  return search;
}

/** Layers that are asked one by one before it is taken for granted that one of them has a scale. */
const ASKED_LAYERS = 64;

/**
 * Whether a scale tells of the units of any layer that can be pruned. Cheap rather than exact: of a model with very
 * many layers it is true where only the first ones have none.
 */
export function hasUnitScales(model: Model): boolean {
  if (!hasNormalization(model)) return false;
  const tensors = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const layers = model.layers.filter(({ prunable }) => prunable);
  const isScaled = (layer: Layer): boolean => {
    const tensor = tensors.get(layer.weight ?? '');
    const units = tensor === undefined ? null : unitsOf(layer, tensor, 'output');
    return units !== null && unitScaleOf(model, layer, units.count).kind === 'found';
  };
  return layers.length > ASKED_LAYERS || layers.some(isScaled);
}

function hasNormalization({ graph, layers }: Model): boolean {
  return graph === undefined ? layers.some(isNormalization) : graph.nodes.some(isScaling);
}

function none(reason: string): UnitScale {
  return { kind: 'none', reason };
}

/** Gammas by the last part of their names: torch and safetensors, Keras, ONNX. */
const GAMMA = /(^|[./])(weight|gamma|scale)(:\d+)?$/;

/** Layers are immutable, and what follows each of them is asked for. */
const places = new WeakMap<readonly Layer[], ReadonlyMap<Layer, number>>();

function placeOf(layers: readonly Layer[], layer: Layer): number {
  const known = places.get(layers) ?? new Map(layers.map((one, place) => [one, place]));
  places.set(layers, known);
  return known.get(layer) ?? -1;
}

function scaleByOrder(model: Model, layer: Layer): UnitScale {
  const { layers } = model;
  let place = placeOf(layers, layer) + 1;
  while (layers[place]?.prunable === false && layers[place]?.operator !== 'normalization') place++;
  const next = layers[place];
  if (next === undefined || !isNormalization(next)) {
    return none(`no normalization stands between it and ${next?.name ?? 'the end of the file'}`);
  }
  const gamma = next.parameters.find((name) => GAMMA.test(name) && isVector(model, name));
  return gamma === undefined ? none(`${next.name} has no scale`) : { kind: 'found', gamma };
}

function isNormalization({ operator }: Layer): boolean {
  return operator === 'normalization';
}

function isVector(model: Model, name: string): boolean {
  return tensorNamed(model, name).shape.length === 1;
}

class ScaleSearch {
  private readonly uses: GraphUses;
  /** By value id: the tensor of the file that it holds. */
  private readonly tensors: ReadonlyMap<string, string>;

  constructor(private readonly graph: Graph) {
    this.uses = graphUses(graph);
    this.tensors = new Map(graph.parameters.map(({ value, tensor }) => [value, tensor]));
  }

  behind(weight: string): UnitScale {
    const uses = tensorUses(this.uses, weight);
    const [use] = uses;
    if (use === undefined) return none('no node of the graph reads its weight');
    if (uses.length > 1) return none(`its weight is used ${uses.length} times`);
    return this.follow(use.node);
  }

  private follow(start: GraphNode): UnitScale {
    let node = start;
    for (let steps = 0; steps <= this.graph.nodes.length; steps++) {
      const [value] = node.outputs;
      if (typeof value !== 'string') return none(`nothing reads what it gives`);
      const readers = this.uses.readers.get(value) ?? [];
      const [reader] = readers;
      if (reader === undefined) return none('no normalization follows before the output');
      if (readers.length > 1)
        return none(`what it gives is read ${readers.length} times before a normalization`);
      if (isScaling(reader.node)) return this.gammaOf(reader.node);
      if (!this.passesUnits(reader.node)) {
        return none(
          `${reader.node.id} (${reader.node.operator.kind}) follows before a normalization; it may have been folded into the weights`,
        );
      }
      ({ node } = reader);
    }
    return none('no normalization follows');
  }

  private gammaOf({ id, inputs }: GraphNode): UnitScale {
    const gamma = this.tensorBehind(inputs[1] ?? '');
    return gamma === undefined
      ? none(`the normalization ${id} has no scale of its own`)
      : { kind: 'found', gamma };
  }

  /** Also where the file gives the scale another name (Identity) or type (Cast). */
  private tensorBehind(value: string): string | undefined {
    const own = this.tensors.get(value);
    if (own !== undefined) return own;
    const [source, ...others] = this.uses.makers.get(value)?.inputs ?? [];
    return others.length > 0 ? undefined : this.tensors.get(source ?? '');
  }

  /** Whether each unit goes through the node by itself: a bias, an activation, a pooling, a new order of axes. */
  private passesUnits({ operator, inputs }: GraphNode): boolean {
    switch (operator.kind) {
      case 'activation':
      case 'unary':
      case 'cast':
      case 'transpose':
      case 'pool':
      case 'pad':
      case 'resize':
        return true;
      case 'merge':
        return inputs.filter((one) => one !== null && !this.uses.fixed.has(one)).length === 1;
      default:
        return false;
    }
  }
}

function isScaling({ operator }: GraphNode): boolean {
  return (
    operator.kind === 'batchNormalization' ||
    operator.kind === 'groupNormalization' ||
    operator.kind === 'layerNormalization'
  );
}
