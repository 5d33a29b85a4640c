import type { LayerContext } from '../layerContext';
import { MAX_CONSTANT_ELEMENTS } from '../limits';

/** The values of [batch, time, features] that attention is between. */
export interface Attended {
  readonly query: string;
  readonly value: string;
  readonly key: string;
}

/**
 * Which keys each query may look at, [batch or 1, queries, keys]; null where all may look at all: what was given,
 * what came along with the inputs, and what `use_causal_mask` and `sliding_window` say.
 * Source: _compute_attention_mask of Keras 3.15.
 */
export function scoreMask(layer: LayerContext, { query, value, key }: Attended): string | null {
  const given = layer.tensor(null, 'attention_mask');
  const queryMask = layer.tensor(null, 'query_mask') ?? layer.maskOf(query);
  const valueMask = layer.tensor(null, 'value_mask') ?? layer.maskOf(value);
  const keyMask = layer.tensor(null, 'key_mask') ?? (key === value ? null : layer.maskOf(key));
  const masks = [
    given === null ? null : layer.cast(given, 'bool'),
    queryMask === null ? null : layer.expandDims(queryMask, 2),
    valueMask === null ? null : layer.expandDims(valueMask, 1),
    keyMask === null ? null : layer.expandDims(keyMask, 1),
    layer.flag('use_causal_mask') ? causalMask(layer, query, key) : null,
    windowMask(layer, query, key),
  ].filter((mask) => mask !== null);
  const [first, ...rest] = masks;
  return first === undefined ? null : rest.reduce((a, b) => layer.and(a, b), first);
}

/** Each step sees itself and what came before it: [1, queries, keys]. */
export function causalMask(layer: LayerContext, query: string, key: string): string {
  const [rows, columns] = places(layer, query, key);
  return layer.compare('greaterOrEqual', rows, columns);
}

/** Each step sees those less than `sliding_window` away. */
function windowMask(layer: LayerContext, query: string, key: string): string | null {
  if (!layer.config.has('sliding_window')) return null;
  const [rows, columns] = places(layer, query, key);
  const distance = layer.unary('abs', layer.merge('subtract', rows, columns));
  return layer.compare('less', distance, layer.scalar(layer.config.count('sliding_window')));
}

/** The numbers of the queries, [1 or batch, queries, 1], and of the keys, [1 or batch, 1, keys]. */
function places(layer: LayerContext, query: string, key: string): readonly [string, string] {
  return [
    layer.expandDims(countedSteps(layer, query), 2),
    layer.expandDims(countedSteps(layer, key), 1),
  ];
}

/** 1, 2, 3 and so on along the steps: counted where the length is open, or too long to be written out. */
function countedSteps(layer: LayerContext, value: string): string {
  const [, length = -1] = layer.shape(value);
  if (length >= 0 && length <= MAX_CONSTANT_ELEMENTS) {
    const numbers = Array.from({ length }, (_, i) => i + 1);
    return layer.constant(numbers, [1, length]);
  }
  const ones = layer.reduce('max', layer.cast(layer.everywhere(value), 'float32'), [-1]);
  return layer.emit({ kind: 'cumulate', mode: 'sum', axis: 1, exclusive: false, reverse: false }, [
    ones,
  ]);
}
