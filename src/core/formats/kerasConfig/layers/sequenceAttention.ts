import type { LayerContext, LayerFunction } from '../layerContext';
import { causalMask } from './attentionMask';

/** What Attention takes from the scores of steps that do not count. Source: attention.py of Keras 3.15. */
const PENALTY = 1e9;

/** Attention and AdditiveAttention, on [query, value] or [query, value, key]. */
function sequenceAttention(
  scoresOf: (layer: LayerContext, query: string, key: string) => string,
): LayerFunction {
  return (layer) => {
    const [query, value = '', key = value] = layer.assertInputCount(2, 3);
    const queryMask = layer.maskOf(query, 0);
    const valueMask = layer.maskOf(value, 1);
    const scores = scoresOf(layer, query, key);
    const mask = seenSteps(layer, { query, key, valueMask });
    const kept =
      mask === null
        ? scores
        : layer.select(mask, scores, layer.merge('subtract', scores, layer.scalar(PENALTY)));
    const weights = layer.activate({ name: 'softmax', axis: -1 }, kept);
    const attended = layer.matMul(weights, value);
    const output =
      queryMask === null
        ? attended
        : layer.select(layer.expandDims(queryMask, 2), attended, layer.scalar(0));
    layer.setMask(output, queryMask);
    return layer.flag('return_attention_scores') ? [output, weights] : [output];
  };
}

function seenSteps(
  layer: LayerContext,
  {
    query,
    key,
    valueMask,
  }: { readonly query: string; readonly key: string; readonly valueMask: string | null },
): string | null {
  const counting = valueMask === null ? null : layer.expandDims(valueMask, 1);
  const isCausal = layer.flag('use_causal_mask') || layer.config.raw('causal') === true;
  if (!isCausal) return counting;
  const causal = causalMask(layer, query, key);
  return counting === null ? causal : layer.and(counting, causal);
}

function productScores(layer: LayerContext, query: string, key: string): string {
  const { config, weights } = layer;
  const isConcat = config.word('score_mode', ['dot', 'concat'], 'dot') === 'concat';
  const scale = config.boolean('use_scale', false)
    ? layer.parameter(weights.requireAny('scale'))
    : null;
  if (isConcat) {
    const sum = additive(layer, query, key);
    const scaled = scale === null ? sum : layer.merge('multiply', scale, sum);
    const total = layer.reduce('sum', layer.activate({ name: 'tanh' }, scaled), [-1]);
    const weight = layer.parameter(weights.requireAny('concat_score_weight'));
    return layer.merge('multiply', total, weight);
  }
  const scores = layer.matMul(query, key, false, true);
  return scale === null ? scores : layer.merge('multiply', scores, scale);
}

function additiveScores(layer: LayerContext, query: string, key: string): string {
  const waves = layer.activate({ name: 'tanh' }, additive(layer, query, key));
  if (!layer.config.boolean('use_scale', true)) return layer.reduce('sum', waves, [-1]);
  const scale = layer.parameter(layer.weights.requireAny('scale'));
  return layer.reduce('sum', layer.merge('multiply', waves, scale), [-1]);
}

/** Each query plus each key: [batch, queries, keys, features]. */
function additive(layer: LayerContext, query: string, key: string): string {
  return layer.merge('add', layer.expandDims(query, 2), layer.expandDims(key, 1));
}

export const sequenceAttentionLayers: Readonly<Record<string, LayerFunction>> = {
  Attention: sequenceAttention(productScores),
  AdditiveAttention: sequenceAttention(additiveScores),
};
