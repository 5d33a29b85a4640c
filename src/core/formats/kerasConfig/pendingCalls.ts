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
  const firstIndices = firstCallIndices(model);
  return model.layers
    .filter((layer) => layer.className !== 'InputLayer')
    .flatMap((layer) => {
      const firstIndex = firstIndices.get(layer.name) ?? 0;
      return layer.calls.map((call, index) => ({ layer, call, index, firstIndex }));
    });
}

/**
 * By which number references know the first call of each nested model. It may count its own definition as its
 * call 0: TensorFlow.js and Keras 2 do so for all. Every call is referred to, so the largest reference tells.
 */
function firstCallIndices(model: KerasModel): ReadonlyMap<string, number> {
  const inbound = new Set(
    model.layers.flatMap(({ calls }) => calls.flatMap((call) => tensorsOf(call).map(callKey))),
  );
  const outputs = new Set(model.outputs.map(callKey));
  const nested = model.layers.filter((layer) => layer.nested !== null);
  return new Map(
    nested.map((layer) => {
      const last = callKey({ layer: layer.name, nodeIndex: layer.calls.length });
      const referred = inbound.has(last) || (!layer.hasKeras3Calls && outputs.has(last));
      return [layer.name, referred ? 1 : 0];
    }),
  );
}

/**
 * The outputs of a model as its layers would refer to them: Keras 3 counts the definition of a functional model
 * in `output_layers` alone.
 * Source: get_config and serialize_node of Keras 3.15, functional.py.
 */
export function outputReferences(model: KerasModel): readonly TensorReference[] {
  const firstIndices = firstCallIndices(model);
  const outputs = new Set(model.outputs.map(callKey));
  const shifted = new Set(
    model.layers
      .filter(({ nested, hasKeras3Calls }) => nested?.kind === 'functional' && hasKeras3Calls)
      .map(({ name }) => name)
      .filter((name) => !outputs.has(callKey({ layer: name, nodeIndex: 0 }))),
  );
  return model.outputs.map((reference) => {
    if (!shifted.has(reference.layer)) return reference;
    const nodeIndex = reference.nodeIndex - 1 + (firstIndices.get(reference.layer) ?? 0);
    return { ...reference, nodeIndex };
  });
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
