import { isJsonObject } from '../parseJson';
import { ConfigFields, malformed } from './configFields';
import {
  type LayerCall,
  readInboundNodes,
  readReferences,
  type TensorReference,
} from './inboundNodes';
import { MAX_LAYERS, MAX_NESTING } from './limits';

/** A layer as the topology lists it; `nested` where the layer is itself a model. */
export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: ConfigFields;
  readonly calls: readonly LayerCall[];
  readonly nested: KerasModel | null;
  /** Of Keras' functions on tensors, not of its layers: both have, for example, an Add. */
  readonly isOperation: boolean;
  /** Whether its calls are written as Keras 3 does, which counts them in a way of its own. */
  readonly hasKeras3Calls: boolean;
}

export interface KerasModel {
  readonly kind: 'sequential' | 'functional';
  readonly name: string;
  readonly layers: readonly KerasLayer[];
  /** Empty for a sequential model. */
  readonly inputs: readonly TensorReference[];
  readonly outputs: readonly TensorReference[];
  /** What a sequential model says of its input beside its layers. */
  readonly buildInputShape: unknown;
}

const FUNCTIONAL: ReadonlySet<string> = new Set(['Model', 'Functional']);

/** Whether a class of layers is a model of further layers. */
export function isModelClass(className: string): boolean {
  return className === 'Sequential' || FUNCTIONAL.has(className);
}

/**
 * A model's configuration, with the models nested in it.
 * @returns null for a class that is neither Sequential nor functional (a subclassed model): it says
 *   nothing of its layers.
 * @throws FormatError naming the layer and the field.
 */
export function readKerasModel(className: string, config: unknown, nesting = 0): KerasModel | null {
  if (!isModelClass(className)) return null;
  if (nesting > MAX_NESTING) {
    throw malformed(`model ${className}`, 'models nested too deep', `${MAX_NESTING} levels`);
  }
  // TensorFlow.js before 1.0 wrote a sequential model's layers as the config itself.
  const fields = Array.isArray(config)
    ? new ConfigFields({ name: 'sequential', layers: config }, 'model sequential')
    : ConfigFields.of(config, `model ${className}`);
  const sequential = className === 'Sequential';
  return {
    kind: sequential ? 'sequential' : 'functional',
    name: fields.string('name', className.toLowerCase()),
    layers: readLayers(fields, nesting),
    inputs: sequential ? [] : readReferences(fields.raw('input_layers'), 'model: input_layers'),
    outputs: sequential ? [] : readReferences(fields.raw('output_layers'), 'model: output_layers'),
    buildInputShape: fields.raw('build_input_shape') ?? fields.raw('batch_input_shape'),
  };
}

function readLayers(model: ConfigFields, nesting: number): readonly KerasLayer[] {
  const list = model.list('layers');
  if (list.length > MAX_LAYERS) {
    throw malformed(`${model.place}: layers`, `${list.length} layers`, `at most ${MAX_LAYERS}`);
  }
  const layers = list.map((value, index) => readLayer(value, `layers[${index}]`, nesting));
  const names = new Set<string>();
  for (const { name } of layers) {
    if (names.has(name))
      throw malformed(`${model.place}: layers`, `two layers ${name}`, 'each name once');
    names.add(name);
  }
  return layers;
}

/**
 * A layer that stands in the configuration of another one.
 * @param fallback its name, where it says none
 */
export function readInnerLayer(value: unknown, fallback: string): KerasLayer {
  const layer = readLayer(value, `layer ${fallback}: layer`, 1);
  // Nodes of a layer that wraps another one go by its own name.
  return { ...layer, name: layer.nested === null ? fallback : layer.name };
}

function readLayer(value: unknown, place: string, nesting: number): KerasLayer {
  const layer = ConfigFields.of(value, place);
  const className = layer.string('class_name');
  const config = layer.raw('config');
  const nested = readKerasModel(className, config, nesting + 1);
  const unnamed = nested === null ? ConfigFields.of(config, `${place}: config`) : null;
  const own = unnamed?.has('name') === true ? unnamed.string('name') : undefined;
  const name = layer.string('name', own ?? nested?.name ?? className);
  const inbound = layer.raw('inbound_nodes');
  return {
    className,
    name,
    config: Array.isArray(config)
      ? new ConfigFields({}, `layer ${name}`)
      : ConfigFields.of(config, `layer ${name}`),
    calls: readInboundNodes(inbound, `layer ${name}: inbound_nodes`),
    nested,
    isOperation: isOperation(layer, className),
    hasKeras3Calls: Array.isArray(inbound) && inbound.some(isJsonObject),
  };
}

/** Keras 3 names the module, Keras 2 has two classes for all functions. */
function isOperation(layer: ConfigFields, className: string): boolean {
  const module = layer.raw('module');
  if (className === 'TFOpLambda' || className === 'SlicingOpLambda') return true;
  return typeof module === 'string' && /^keras(\.src)?\.ops(\.|$)/.test(module);
}
