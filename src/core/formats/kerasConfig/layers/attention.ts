import type { LayerContext, LayerFunction } from '../layerContext';
import { HIDDEN } from './activation';
import { type Attended, scoreMask } from './attentionMask';

/** MultiHeadAttention over sequences. Source: multi_head_attention.py of Keras 3.15. */
const multiHeadAttention: LayerFunction = (layer) => {
  const { config } = layer;
  const heads = config.count('num_heads');
  const attended = attendedValues(layer);
  const outputs = headAttention(layer, attended, {
    heads,
    keyHeads: heads,
    size: config.count('key_dim'),
  });
  if (layer.source.generation === 3) takeMasksAway(layer, attended);
  return outputs;
};

/** Layers that come after do not see the masks that this one has used. Source: MultiHeadAttention.call of Keras 3.15. */
function takeMasksAway(layer: LayerContext, { query, value, key }: Attended): void {
  for (const used of [query, value, key]) layer.setMask(used, null);
}

/** GroupQueryAttention: several heads of the query share one of key and value. */
const groupQueryAttention: LayerFunction = (layer) => {
  const { config } = layer;
  const heads = config.count('num_query_heads');
  const keyHeads = config.count('num_key_value_heads');
  if (heads % keyHeads !== 0) {
    throw config.bad('num_key_value_heads', `a divisor of the ${heads} query heads`);
  }
  const sizes = { heads, keyHeads, size: config.count('head_dim') };
  return headAttention(layer, attendedValues(layer), sizes);
};

interface Heads {
  readonly heads: number;
  readonly keyHeads: number;
  /** Of one head's query and key. */
  readonly size: number;
}

function attendedValues(layer: LayerContext): Attended {
  const [first] = layer.inputs;
  const query = layer.tensor(0, 'query') ?? first ?? layer.x;
  const value = layer.tensor(1, 'value') ?? query;
  const key = layer.tensor(2, 'key') ?? value;
  assertSequences(layer, [query, value, key]);
  return { query, value, key };
}

function headAttention(
  layer: LayerContext,
  { query, value, key }: Attended,
  { heads, keyHeads, size }: Heads,
): readonly string[] {
  const mask = scoreMask(layer, { query, value, key });
  const returnsScores = layer.flag('return_attention_scores');
  const q = projected(layer, PARTS.query, query, heads);
  const k = shared(layer, projected(layer, PARTS.key, key, keyHeads), heads / keyHeads);
  const v = shared(layer, projected(layer, PARTS.value, value, keyHeads), heads / keyHeads);
  const scaled = layer.merge('multiply', q, layer.scalar(1 / Math.sqrt(size)));
  const scores = layer.matMul(scaled, k, false, true);
  // Keras' fused way leaves a row without a step to look at even, its other way zeroes it.
  const isFused = layer.config.number('dropout', 0) === 0 && !returnsScores;
  const weights = maskedSoftmax(layer, scores, mask, isFused);
  const dropped = withDropout(layer, weights);
  const joined = layer.transpose(layer.matMul(dropped, v), [0, 2, 1, 3]);
  const output = outputProjection(layer, gated(layer, joined, query, heads));
  layer.setMask(output, layer.maskOf(query));
  return returnsScores ? [output, weights] : [output];
}

/** What `.keras` files call the parts, by attribute, and `.h5` files, by name. */
const PARTS = {
  query: /^_?query(_dense)?$/,
  key: /^_?key(_dense)?$/,
  value: /^_?value(_dense)?$/,
  gate: /^_?gate(_dense)?$/,
  output: /^_?(attention_output|output_dense)$/,
};

function assertSequences(layer: LayerContext, values: readonly string[]): void {
  const axes = layer.config.has('attention_axes') ? layer.config.axes('attention_axes', 1) : [1];
  if (axes.length === 1 && axes[0] === 1 && values.every((value) => layer.rank(value) === 3))
    return;
  throw layer.unsupported(
    'attention over several axes',
    'over the steps of [batch, time, features]',
  );
}

/** [batch, time, features] to [batch, heads, time, size]: kernel [features, heads, size]. */
function projected(layer: LayerContext, part: RegExp, value: string, heads: number): string {
  const weights = layer.weights.part(part);
  const kernel = weights.require('kernel', [null, heads, null], 'the heads');
  const [features = -1, , size = -1] = kernel.shape;
  const width = heads * size;
  const flat = layer.reshape(layer.parameter(kernel), [features, width]);
  const bias = hasBias(layer)
    ? layer.reshape(layer.parameter(weights.require('bias', [heads, size], 'the heads')), [width])
    : null;
  const dense = layer.emit({ kind: 'dense', kernelLayout: 'in-out' }, [value, flat, bias]);
  return layer.transpose(layer.reshape(dense, [0, 0, heads, size]), [0, 2, 1, 3]);
}

function hasBias(layer: LayerContext): boolean {
  return layer.config.boolean('use_bias', true);
}

/** Each head `times` times, one after the other. */
function shared(layer: LayerContext, value: string, times: number): string {
  if (times === 1) return value;
  const [, heads = -1] = layer.shape(value);
  const indices = Array.from({ length: heads * times }, (_, i) => Math.floor(i / times));
  const at = layer.constant(indices, [indices.length], 'int32');
  return layer.emit({ kind: 'gather', axis: 1 }, [value, at]);
}

/** With `use_gate` what the heads give is weighed by the query. Value: [batch, time, heads, size]. */
function gated(layer: LayerContext, joined: string, query: string, heads: number): string {
  if (!layer.config.boolean('use_gate', false)) return joined;
  const gate = layer.transpose(projected(layer, PARTS.gate, query, heads), [0, 2, 1, 3]);
  return layer.merge('multiply', joined, layer.activate({ name: 'sigmoid' }, gate));
}

/** [batch, time, heads, size] to [batch, time, ...output]: kernel [heads, size, ...output]. */
function outputProjection(layer: LayerContext, joined: string): string {
  const weights = layer.weights.part(PARTS.output);
  const kernel = weights.requireAny('kernel');
  const [heads = -1, size = -1, ...output] = kernel.shape;
  const width = output.reduce((product, length) => product * length, 1);
  const flat = layer.reshape(layer.parameter(kernel), [heads * size, width]);
  const bias = hasBias(layer)
    ? layer.reshape(layer.parameter(weights.require('bias', output, 'the output')), [width])
    : null;
  const merged = layer.reshape(joined, [0, 0, heads * size]);
  const dense = layer.emit({ kind: 'dense', kernelLayout: 'in-out' }, [merged, flat, bias]);
  return output.length === 1 ? dense : layer.reshape(dense, [0, 0, ...output]);
}

/** Softmax over the keys that the mask [batch or 1, queries, keys] leaves. Scores: [batch, heads, queries, keys]. */
function maskedSoftmax(
  layer: LayerContext,
  scores: string,
  mask: string | null,
  isFused: boolean,
): string {
  if (mask === null) return layer.activate({ name: 'softmax', axis: -1 }, scores);
  const perHead = layer.rank(mask) === 4 ? mask : layer.expandDims(mask, 1);
  const kept = layer.select(perHead, scores, layer.scalar(HIDDEN));
  const weights = layer.activate({ name: 'softmax', axis: -1 }, kept);
  return isFused ? weights : layer.select(perHead, weights, layer.scalar(0));
}

function withDropout(layer: LayerContext, weights: string): string {
  const rate = layer.config.number('dropout', 0);
  if (rate === 0) return weights;
  return layer.emit({ kind: 'dropout', rate, sharedAxes: [] }, [weights]);
}

export const attentionLayers: Readonly<Record<string, LayerFunction>> = {
  MultiHeadAttention: multiHeadAttention,
  GroupQueryAttention: groupQueryAttention,
  GroupedQueryAttention: groupQueryAttention,
};
