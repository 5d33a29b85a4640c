import type { GraphAssembler } from '../../graph/graphAssembler';
import type { Operator } from '../../graph/operators/operator';
import type { TensorEntry } from '../../model/model';
import type { KerasGeneration } from '../../graph/kerasActivations';
import { isJsonObject } from '../parseJson';
import { type ConfigFields, malformed } from './configFields';
import type { FoundLayer } from './describeLayers';
import type { LayerCall, TensorReference } from './inboundNodes';
import { type LayerStep, plainStep } from './layerStep';
import { layerSteps } from './layerSteps';
import { LayerWeights, type WeightIndex } from './layerWeights';
import { MAX_NODES } from './limits';
import type { KerasLayer, KerasModel } from './modelConfig';

/** A call whose inputs may not all be known yet. */
interface PendingCall {
  readonly layer: KerasLayer;
  readonly call: LayerCall;
  readonly index: number;
  /** By which references know the layer's first call. */
  readonly firstIndex: number;
}

/**
 * Writes a Keras model out as graph nodes: each layer's operators at each of its calls, nested models in
 * place of their layer. Values are named by the node that makes them.
 */
export class GraphBuilder {
  private readonly found = new Map<KerasLayer, ResolvedLayer>();

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
   * @param scopes names of the model and those around it, outermost first
   * @returns the values of the model's outputs
   */
  callModel(
    model: KerasModel,
    inputs: readonly string[],
    scopes: readonly string[],
  ): readonly string[] {
    return model.kind === 'sequential'
      ? this.callSequential(model, inputs, scopes)
      : this.callFunctional(model, inputs, scopes);
  }

  private callSequential(
    model: KerasModel,
    inputs: readonly string[],
    scopes: readonly string[],
  ): readonly string[] {
    let values = inputs;
    for (const layer of model.layers) {
      if (layer.className !== 'InputLayer') values = this.callLayer(layer, values, scopes);
    }
    return values;
  }

  private callFunctional(
    model: KerasModel,
    inputs: readonly string[],
    scopes: readonly string[],
  ): readonly string[] {
    const outputs = new Map<string, readonly string[]>();
    assertInputCount(model, inputs);
    model.inputs.forEach((input, i) => outputs.set(callKey(input), [inputs[i] ?? '']));
    let pending = pendingCalls(model);
    while (pending.length > 0) {
      const waiting = pending.filter((call) => !this.tryCall(call, outputs, scopes));
      const [stuck] = waiting;
      if (stuck !== undefined && waiting.length === pending.length)
        throw missingInput(stuck, outputs);
      pending = waiting;
    }
    return model.outputs.map((reference) => {
      const value = this.valueOf(reference, outputs);
      if (value !== null) return value;
      throw malformed(
        `model ${model.name}: output_layers`,
        describe(reference),
        'an output of a layer',
      );
    });
  }

  /** @returns false while an input of the call is not known. */
  private tryCall(
    { layer, call, index, firstIndex }: PendingCall,
    outputs: Map<string, readonly string[]>,
    scopes: readonly string[],
  ): boolean {
    const inputs: string[] = [];
    for (const reference of call.inputs) {
      const value = this.valueOf(reference, outputs);
      if (value === null) return false;
      inputs.push(value);
    }
    const key = callKey({ layer: layer.name, nodeIndex: index + firstIndex });
    outputs.set(key, this.callLayer(layer, inputs, scopes, call.hasOtherArguments));
    return true;
  }

  private valueOf(
    reference: TensorReference,
    outputs: ReadonlyMap<string, readonly string[]>,
  ): string | null {
    return outputs.get(callKey(reference))?.[reference.tensorIndex] ?? null;
  }

  private callLayer(
    layer: KerasLayer,
    inputs: readonly string[],
    scopes: readonly string[],
    hasOtherArguments = false,
  ): readonly string[] {
    if (layer.nested !== null) {
      return this.callModel(layer.nested, inputs, [...scopes, layer.name]);
    }
    const { steps } = this.resolve(layer, scopes);
    const operator = steps[0]?.operator;
    if (hasOtherArguments && operator?.kind !== 'opaque') {
      return this.emitChain(layer, [plainStep({ kind: 'opaque', name: layer.className })], inputs);
    }
    assertArity(layer, operator, inputs.length);
    return this.emitChain(layer, steps, inputs);
  }

  private resolve(layer: KerasLayer, scopes: readonly string[]): ResolvedLayer {
    const known = this.found.get(layer);
    if (known !== undefined) return known;
    const weights = new LayerWeights(this.weights, scopes, layer.name);
    const { className, config } = layer;
    const steps = layerSteps({ className, config, weights, generation: this.generation });
    const innerClass = innerClassOf(config);
    const found = { name: layer.name, className, innerClass, steps, tensors: weights.found };
    this.found.set(layer, found);
    return found;
  }

  private emitChain(
    layer: KerasLayer,
    steps: readonly LayerStep[],
    inputs: readonly string[],
  ): readonly string[] {
    let values: readonly (string | null)[] = inputs;
    let base: string | null = null;
    for (const { operator, weights } of steps) {
      this.assertRoom();
      const id: string = base === null ? layer.name : `${base}/${nameOf(operator)}`;
      const read = [...values, ...weights.map((weight) => this.valueOfWeight(weight))];
      const outputCount = outputCountOf(layer, operator);
      values = this.assembler.emit(operator, read, { id, layer: layer.name, outputCount });
      base ??= values[0] ?? layer.name;
    }
    return values.filter((value) => value !== null);
  }

  private valueOfWeight(weight: TensorEntry | null): string | null {
    return weight === null ? null : this.assembler.parameter(weight, 'float32');
  }

  private assertRoom(): void {
    if (this.assembler.nodeCount < MAX_NODES) return;
    throw malformed('model', `more than ${MAX_NODES} nodes`, 'fewer');
  }
}

/** A layer with its steps, which are the same at each of its calls. */
interface ResolvedLayer extends FoundLayer {
  readonly steps: readonly LayerStep[];
}

/** How many outputs an unknown layer has is not known: there are more so that references hold. */
function outputCountOf(layer: KerasLayer, operator: Operator): number {
  const returnsStates =
    operator.kind === 'opaque' &&
    RECURRENT.has(layer.className) &&
    layer.config.boolean('return_state', false);
  return returnsStates ? 3 : 1;
}

/** Of TimeDistributed and Bidirectional, which hold the layer that they wrap. */
function innerClassOf(config: ConfigFields): string | null {
  const inner = config.raw('layer');
  const className = isJsonObject(inner) ? inner['class_name'] : undefined;
  return typeof className === 'string' ? className : null;
}

/** Unknown layers that can return more than their output. */
const RECURRENT: ReadonlySet<string> = new Set(['RNN', 'SimpleRNN', 'GRU', 'LSTM', 'ConvLSTM2D']);

function pendingCalls(model: KerasModel): readonly PendingCall[] {
  return model.layers
    .filter((layer) => layer.className !== 'InputLayer')
    .flatMap((layer) => {
      const firstIndex = firstCallIndex(layer, model);
      return layer.calls.map((call, index) => ({ layer, call, index, firstIndex }));
    });
}

/**
 * A nested model may count its own definition as its call 0: TensorFlow.js and Keras 2 do so for all,
 * Keras 3 for functional ones. Every call is referred to, so the largest reference tells.
 */
function firstCallIndex(layer: KerasLayer, model: KerasModel): number {
  if (layer.nested === null) return 0;
  const references = [
    ...model.layers.flatMap(({ calls }) => calls.flatMap(({ inputs }) => inputs)),
    ...model.outputs,
  ];
  const referred = references.some(
    (reference) => reference.layer === layer.name && reference.nodeIndex === layer.calls.length,
  );
  return referred ? 1 : 0;
}

function nameOf(operator: Operator): string {
  return operator.kind === 'opaque' ? operator.name : operator.kind;
}

function callKey({ layer, nodeIndex }: Pick<TensorReference, 'layer' | 'nodeIndex'>): string {
  return `${nodeIndex} ${layer}`;
}

function describe({ layer, nodeIndex, tensorIndex }: TensorReference): string {
  return `output ${tensorIndex} of call ${nodeIndex} of ${layer}, which no layer gives`;
}

function missingInput(
  { layer, call, index }: PendingCall,
  outputs: ReadonlyMap<string, readonly string[]>,
): Error {
  const missing = call.inputs.find(
    (input) => outputs.get(callKey(input))?.[input.tensorIndex] === undefined,
  );
  return malformed(
    `layer ${layer.name}: inbound_nodes[${index}]`,
    missing === undefined ? 'no inputs' : describe(missing),
    "outputs of the model's inputs and layers, without a cycle",
  );
}

function assertInputCount(model: KerasModel, inputs: readonly string[]): void {
  if (inputs.length === model.inputs.length) return;
  throw malformed(
    `model ${model.name}: input_layers`,
    `${model.inputs.length} inputs`,
    `${inputs.length}, with which it is called`,
  );
}

/** Merges read several values, all other known operators one. */
function assertArity(layer: KerasLayer, operator: Operator | undefined, count: number): void {
  const [least, most] = arityOf(operator);
  if (count >= least && count <= most) return;
  const allowed = most === least ? String(least) : `${least} or more`;
  throw malformed(`layer ${layer.name}: inbound_nodes`, `${count} inputs`, allowed);
}

function arityOf(operator: Operator | undefined): readonly [number, number] {
  if (operator === undefined || operator.kind === 'opaque') return [0, Infinity];
  if (operator.kind === 'concatenate') return [1, Infinity];
  if (operator.kind !== 'merge') return [1, 1];
  return operator.mode === 'subtract' ? [2, 2] : [2, Infinity];
}
