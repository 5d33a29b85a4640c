import { UnsupportedError } from '../../errors';
import type { GraphAssembler } from '../../graph/graphAssembler';
import type { KerasGeneration } from '../../graph/kerasActivations';
import { isJsonObject } from '../parseJson';
import { type ConfigFields, malformed } from './configFields';
import type { FoundLayer } from './describeLayers';
import { type CallArguments, mapTensors, type TensorReference, tensorsOf } from './inboundNodes';
import { LayerContext, type LayerFunction } from './layerContext';
import { keepsMask, layerFunction } from './layerTable';
import { LayerWeights, type WeightIndex } from './layerWeights';
import { MAX_NODES, MAX_WRAPPERS } from './limits';
import { isModelClass, type KerasLayer, type KerasModel, readInnerLayer } from './modelConfig';
import { operationFunction } from './operations/operationTable';
import {
  callKey,
  describeReference,
  missingInput,
  outputReferences,
  pendingCalls,
} from './pendingCalls';
import type { PendingCall } from './pendingCalls';
import { quantizedPolicy } from './quantizedPolicy';

/** Where a layer is called: the models around it, and those of its variables that it may read. */
interface CallPlace {
  /** Names of the model and those around it, outermost first. */
  readonly scopes: readonly string[];
  /** Of a layer inside another one: the variables of that part. */
  readonly weights?: LayerWeights;
  /** How many layers there are around, each wrapping the next. */
  readonly wrappers?: number;
}

/**
 * Writes a Keras model out as graph nodes: each layer's operators at each of its calls, nested models in
 * place of their layer. Values are named by the node that makes them.
 */
export class GraphBuilder {
  private readonly found = new Map<KerasLayer, FoundLayer>();
  /** By value: the mask that goes with it. */
  private readonly masks = new Map<string, string>();

  constructor(
    private readonly assembler: GraphAssembler,
    private readonly weights: WeightIndex,
    private readonly generation: KerasGeneration,
  ) {}

  /** The layers with variables that were called, in the order the model lists them. */
  foundLayers(model: KerasModel): readonly FoundLayer[] {
    return model.layers.flatMap((layer) => {
      if (layer.nested !== null) return this.foundLayers(layer.nested);
      const found = this.found.get(layer);
      return found === undefined || found.tensors.length === 0 ? [] : [found];
    });
  }

  /**
   * Writes out one call of a model.
   * @param inputs values, in the order of the model's inputs
   * @returns the values of the model's outputs
   */
  callModel(model: KerasModel, inputs: readonly string[], place: CallPlace): readonly string[] {
    return model.kind === 'sequential'
      ? this.callSequential(model, inputs, place)
      : this.callFunctional(model, inputs, place);
  }

  private callSequential(
    model: KerasModel,
    inputs: readonly string[],
    place: CallPlace,
  ): readonly string[] {
    let values = inputs;
    for (const layer of model.layers) {
      if (layer.className === 'InputLayer') continue;
      const positional = values.map((tensor) => ({ kind: 'tensor', tensor }) as const);
      values = this.callLayer(layer, { positional, named: new Map() }, place);
    }
    return values;
  }

  private callFunctional(
    model: KerasModel,
    inputs: readonly string[],
    place: CallPlace,
  ): readonly string[] {
    const outputs = new Map<string, readonly string[]>();
    assertInputCount(model, inputs);
    model.inputs.forEach((input, i) => outputs.set(callKey(input), [inputs[i] ?? '']));
    let pending = pendingCalls(model);
    while (pending.length > 0) {
      const waiting = pending.filter((call) => !this.tryCall(call, outputs, place));
      const [stuck] = waiting;
      if (stuck !== undefined && waiting.length === pending.length)
        throw missingInput(stuck, outputs);
      pending = waiting;
    }
    return outputReferences(model).map((reference) => {
      const value = valueOf(reference, outputs);
      if (value !== null) return value;
      const where = `model ${model.name}: output_layers`;
      throw malformed(where, describeReference(reference), 'an output of a layer');
    });
  }

  /** @returns false while an input of the call is not known. */
  private tryCall(
    { layer, call, index, firstIndex }: PendingCall,
    outputs: Map<string, readonly string[]>,
    place: CallPlace,
  ): boolean {
    if (tensorsOf(call).some((reference) => valueOf(reference, outputs) === null)) return false;
    const resolved = mapTensors(call, (reference) => valueOf(reference, outputs) ?? '');
    const key = callKey({ layer: layer.name, nodeIndex: index + firstIndex });
    outputs.set(key, this.callLayer(layer, resolved, place));
    return true;
  }

  private callLayer(
    layer: KerasLayer,
    call: CallArguments<string>,
    place: CallPlace,
  ): readonly string[] {
    if (layer.nested !== null) {
      const scopes = [...place.scopes, layer.name];
      return this.callModel(layer.nested, tensorsOf(call), { ...place, scopes });
    }
    const weights =
      place.weights ?? new LayerWeights(this.weights, { scopes: place.scopes, layer: layer.name });
    const { className, name, config } = layer;
    const context = new LayerContext(
      {
        className,
        name,
        config,
        weights,
        generation: this.generation,
        callInner: (inner, own, innerCall) =>
          this.callInner(inner, innerCall, { ...place, outer: layer, weights: own }),
      },
      call,
      this.assembler,
      this.masks,
    );
    const outputs = this.writeOut(layer, context);
    this.note(layer, weights);
    return outputs;
  }

  /** What cannot be written out in the set's operators becomes a node outside it, with the reason. */
  private writeOut(layer: KerasLayer, context: LayerContext): readonly string[] {
    this.assertRoom();
    const write = layer.isOperation
      ? operationFunction(layer.className)
      : layerFunction(layer.className);
    if (write === null) return opaqueOutputs(layer, context);
    try {
      return this.writeKnown(layer, context, write);
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      return opaqueOutputs(layer, context, error.message);
    }
  }

  private writeKnown(
    layer: KerasLayer,
    context: LayerContext,
    write: LayerFunction,
  ): readonly string[] {
    const policy = quantizedPolicy(layer.config);
    if (policy !== null) throw context.unsupported(`the dtype policy ${policy}`, 'float policies');
    if (!layer.isOperation) context.assertNoNumbers();
    const made = write(context);
    context.assertArgumentsRead();
    const outputs = typeof made === 'string' ? [made] : made;
    const [input] = context.inputs;
    const [output] = outputs;
    const keeps = !layer.isOperation && keepsMask(layer.className);
    if (input !== undefined && output !== undefined && keeps) {
      context.setMask(output, context.maskOf(input));
    }
    return outputs;
  }

  /** Writes out a layer, or a model, that another layer wraps. */
  private callInner(
    json: unknown,
    call: CallArguments<string>,
    place: CallPlace & { readonly outer: KerasLayer },
  ): readonly string[] {
    const { outer, scopes, wrappers = 0, ...rest } = place;
    if (wrappers >= MAX_WRAPPERS) {
      throw malformed(`layer ${outer.name}`, 'layers wrapped too deep', `${MAX_WRAPPERS} levels`);
    }
    const layer = readInnerLayer(json, outer.name);
    if (layer.nested !== null) {
      const inside = { scopes: [...scopes, outer.name, 'layer'], wrappers: wrappers + 1 };
      return this.callModel(layer.nested, tensorsOf(call), inside);
    }
    return this.callLayer(layer, call, { ...rest, scopes, wrappers: wrappers + 1 });
  }

  /** Layers inside others are described with them. */
  private note(layer: KerasLayer, weights: LayerWeights): void {
    const { name, className, config } = layer;
    if (this.found.has(layer)) return;
    if (!KNOWN_VARIABLES.has(className)) weights.takeAll();
    const innerClass = innerClassOf(config);
    this.found.set(layer, { name, className, innerClass, tensors: weights.found });
  }

  private assertRoom(): void {
    if (this.assembler.nodeCount < MAX_NODES) return;
    throw malformed('model', `more than ${MAX_NODES} nodes`, 'fewer');
  }
}

/** Layers whose variables are those that were asked for, and nothing else. */
const KNOWN_VARIABLES: ReadonlySet<string> = new Set([
  'Dense',
  'Conv2D',
  'Convolution2D',
  'DepthwiseConv2D',
  'BatchNormalization',
]);

/** Unknown layers that can return more than their output. */
const RECURRENT: ReadonlySet<string> = new Set([
  'RNN',
  'SimpleRNN',
  'GRU',
  'LSTM',
  'ConvLSTM2D',
  'Bidirectional',
]);

/** How many outputs an unknown layer has is not known: there are more so that references hold. */
const UNKNOWN_OUTPUTS = 3;

function opaqueOutputs(
  layer: KerasLayer,
  context: LayerContext,
  reason?: string,
): readonly string[] {
  const { className: name, config } = layer;
  const inner = config.raw('layer');
  const settings = isJsonObject(inner) ? inner['config'] : undefined;
  const returnsStates =
    config.raw('return_state') === true ||
    (isJsonObject(settings) && settings['return_state'] === true);
  const outputCount =
    layer.isOperation || (RECURRENT.has(name) && returnsStates) ? UNKNOWN_OUTPUTS : 1;
  const operator = reason === undefined ? { name } : { name, reason };
  return context.opaque({ kind: 'opaque', ...operator }, outputCount);
}

/** Of TimeDistributed and Bidirectional, which hold the layer that they wrap. */
function innerClassOf(config: ConfigFields): string | null {
  const inner = config.raw('layer');
  const className = isJsonObject(inner) ? inner['class_name'] : undefined;
  return typeof className === 'string' && !isModelClass(className) ? className : null;
}

function valueOf(
  reference: TensorReference,
  outputs: ReadonlyMap<string, readonly string[]>,
): string | null {
  return outputs.get(callKey(reference))?.[reference.tensorIndex] ?? null;
}

function assertInputCount(model: KerasModel, inputs: readonly string[]): void {
  if (inputs.length === model.inputs.length) return;
  throw malformed(
    `model ${model.name}: input_layers`,
    `${model.inputs.length} inputs`,
    `${inputs.length}, with which it is called`,
  );
}
