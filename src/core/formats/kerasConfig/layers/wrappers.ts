import { isJsonObject } from '../../parseJson';
import type { LayerContext, LayerFunction } from '../layerContext';
import type { LayerWeights } from '../layerWeights';
import { type CallArgument, type CallArguments, tensorsIn } from '../inboundNodes';
import { innerLayer } from './innerLayer';

/** TimeDistributed: the wrapped layer on each step, as if the steps were samples. */
const timeDistributed: LayerFunction = (layer) => {
  const { x, config } = layer;
  const inner = innerLayer(config, 'layer');
  const [batch = -1, time = -1, ...rest] = layer.shape(x);
  // What a dense layer does is the same at every place in front of the last axis.
  if (inner.className === 'Dense') return callOn(layer, inner.json, x);
  const merged = batch < 0 || time < 0 ? -1 : batch * time;
  const samples = layer.reshapeTo(x, [merged, ...rest], 0);
  const [made = samples] = callOn(layer, inner.json, samples);
  return layer.reshapeTo(made, [batch, time, ...layer.shape(made).slice(1)], 0);
};

function callOn(layer: LayerContext, inner: unknown, value: string): readonly string[] {
  const call = { positional: [{ kind: 'tensor', tensor: value } as const], named: new Map() };
  return layer.callInner(inner, layer.weights, call);
}

/**
 * The variables of the backward direction: by that word, or, in `.h5` files where Keras was given a layer for it, by
 * that layer's own name.
 */
function backwardWeights(layer: LayerContext, inner: unknown): LayerWeights {
  const byWord = layer.weights.part(/^backward/);
  const config = isJsonObject(inner) ? inner['config'] : undefined;
  const name = isJsonObject(config) ? config['name'] : undefined;
  return byWord.has('kernel') || typeof name !== 'string' ? byWord : layer.weights.part(name);
}

/**
 * Bidirectional: the wrapped layer forwards, and a copy of it, or the layer given for that, backwards.
 * Source: bidirectional.py of Keras 3.15.
 */
const bidirectional: LayerFunction = (layer) => {
  const { config } = layer;
  const [x, ...given] = layer.assertInputCount(1);
  const initial = layer.argument(1, 'initial_state');
  const states = initial === undefined ? given : tensorsIn(initial);
  const half = states.length / 2;
  const mask = layer.maskBeside(x, states);
  const forward = innerLayer(config, 'layer');
  const backward = config.has('backward_layer')
    ? innerLayer(config, 'backward_layer').json
    : turned(forward.json);
  const call = (inner: unknown, weights: LayerWeights, own: readonly string[]) =>
    layer.callInner(withZeroedSteps(inner), weights, argumentsOf(x, own, mask));
  const [ahead = x, ...aheadStates] = call(
    forward.json,
    layer.weights.part(/^forward/),
    states.slice(0, half),
  );
  const [back = x, ...backStates] = call(
    backward,
    backwardWeights(layer, backward),
    states.slice(half),
  );
  const returnsSequences = forward.config.boolean('return_sequences', false);
  const inOrder = returnsSequences ? layer.reverse(back, 1) : back;
  const outputs = merged(layer, ahead, inOrder);
  const [first] = outputs;
  if (returnsSequences && first !== undefined) layer.setMask(first, layer.maskOf(x));
  return [...outputs, ...aheadStates, ...backStates];
};

function argumentsOf(
  x: string,
  states: readonly string[],
  mask: string | null,
): CallArguments<string> {
  const tensor = (value: string): CallArgument<string> => ({ kind: 'tensor', tensor: value });
  const named = new Map<string, CallArgument<string>>();
  if (states.length > 0) named.set('initial_state', { kind: 'list', items: states.map(tensor) });
  if (mask !== null) named.set('mask', tensor(mask));
  return { positional: [tensor(x)], named };
}

/** The same layer going the other way. */
function turned(json: unknown): unknown {
  return withSettings(json, (config) => ({ go_backwards: config['go_backwards'] !== true }));
}

/** Keras has both directions give zeros for steps that do not count, where they give sequences. */
function withZeroedSteps(json: unknown): unknown {
  return withSettings(json, (config) => ({
    zero_output_for_mask: config['return_sequences'] === true,
  }));
}

function withSettings(
  json: unknown,
  change: (config: Readonly<Record<string, unknown>>) => object,
): unknown {
  if (!isJsonObject(json) || !isJsonObject(json['config'])) return json;
  return { ...json, config: { ...json['config'], ...change(json['config']) } };
}

function merged(layer: LayerContext, ahead: string, back: string): readonly string[] {
  // Absent counts as `concat`, the default; null keeps the two apart.
  const mode = layer.config.isNull('merge_mode')
    ? null
    : layer.config.string('merge_mode', 'concat');
  switch (mode) {
    case null:
      return [ahead, back];
    case 'concat':
      return [layer.concatenate([ahead, back], -1)];
    case 'sum':
      return [layer.merge('add', ahead, back)];
    case 'ave':
      return [layer.merge('average', ahead, back)];
    case 'mul':
      return [layer.merge('multiply', ahead, back)];
    default:
      throw layer.config.bad('merge_mode', 'concat, sum, ave, mul or null');
  }
}

/** SpectralNormalization changes the weights in training alone: at inference it is the layer that it wraps. */
const spectralNormalization: LayerFunction = (layer) =>
  callOn(layer, innerLayer(layer.config, 'layer').json, layer.x);

export const wrapperLayers: Readonly<Record<string, LayerFunction>> = {
  TimeDistributed: timeDistributed,
  Bidirectional: bidirectional,
  SpectralNormalization: spectralNormalization,
};
