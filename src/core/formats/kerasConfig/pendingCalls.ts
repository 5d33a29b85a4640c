import { malformed } from './configFields';
import { type LayerCall, type TensorReference, tensorsOf } from './inboundNodes';
import type { KerasLayer, KerasModel } from './modelConfig';

/** A call whose inputs may not all be known yet. */
export interface PendingCall {
  readonly layer: KerasLayer;
  readonly call: LayerCall;
  readonly index: number;
  /** By which references know the layer's first call. */
  readonly firstIndex: number;
}

/** The calls of a functional model's layers, in the order of the file. */
export function pendingCalls(model: KerasModel): readonly PendingCall[] {
  return model.layers
    .filter((layer) => layer.className !== 'InputLayer')
    .flatMap((layer) => {
      const firstIndex = firstCallIndex(layer, model);
      return layer.calls.map((call, index) => ({ layer, call, index, firstIndex }));
    });
}

/**
 * A nested model may count its own definition as its call 0: TensorFlow.js and Keras 2 do so for all. Every
 * call is referred to, so the largest reference tells.
 */
function firstCallIndex(layer: KerasLayer, model: KerasModel): number {
  if (layer.nested === null) return 0;
  const references = [
    ...model.layers.flatMap(({ calls }) => calls.flatMap((call) => tensorsOf(call))),
    ...(layer.hasKeras3Calls ? [] : model.outputs),
  ];
  const referred = references.some(
    (reference) => reference.layer === layer.name && reference.nodeIndex === layer.calls.length,
  );
  return referred ? 1 : 0;
}

/**
 * An output of a model as its layers would refer to it: Keras 3 counts the definition of a functional model
 * in `output_layers` alone.
 * Source: get_config and serialize_node of Keras 3.15, functional.py.
 */
export function outputReference(reference: TensorReference, model: KerasModel): TensorReference {
  const layer = model.layers.find(({ name }) => name === reference.layer);
  if (layer?.nested?.kind !== 'functional' || !layer.hasKeras3Calls) return reference;
  const own = model.outputs.filter((output) => output.layer === layer.name);
  if (own.some(({ nodeIndex }) => nodeIndex === 0)) return reference;
  return { ...reference, nodeIndex: reference.nodeIndex - 1 + firstCallIndex(layer, model) };
}

/** By which the outputs of a call are found. */
export function callKey({
  layer,
  nodeIndex,
}: Pick<TensorReference, 'layer' | 'nodeIndex'>): string {
  return `${nodeIndex} ${layer}`;
}

export function describeReference({ layer, nodeIndex, tensorIndex }: TensorReference): string {
  return `output ${tensorIndex} of call ${nodeIndex} of ${layer}, which no layer gives`;
}

/** The error for a call whose inputs never become known. */
export function missingInput(
  { layer, call, index }: PendingCall,
  outputs: ReadonlyMap<string, readonly string[]>,
): Error {
  const missing = tensorsOf(call).find(
    (input) => outputs.get(callKey(input))?.[input.tensorIndex] === undefined,
  );
  return malformed(
    `layer ${layer.name}: inbound_nodes[${index}]`,
    missing === undefined ? 'no inputs' : describeReference(missing),
    "outputs of the model's inputs and layers, without a cycle",
  );
}
