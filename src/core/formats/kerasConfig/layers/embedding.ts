import type { LayerFunction } from '../layerContext';

/** Embedding: a row of the table for each index; with `mask_zero` the index 0 stands for no step. */
const embedding: LayerFunction = (layer) => {
  const { config, weights, x } = layer;
  const shape = [config.count('input_dim'), config.count('output_dim')];
  const table = weights.require('embeddings', shape, 'input_dim, output_dim');
  const indices = layer.type(x) === 'int32' ? x : layer.cast(x, 'int32');
  const rows = layer.emit({ kind: 'gather', axis: 0 }, [layer.parameter(table), indices]);
  if (!config.boolean('mask_zero', false)) return rows;
  layer.setMask(rows, layer.compare('notEqual', indices, layer.scalar(0, 'int32')));
  return rows;
};

/** Masking: steps in which every feature has the value are zeroed, and do not count from here on. */
const masking: LayerFunction = (layer) => {
  const { x } = layer;
  const missing = layer.scalar(layer.config.number('mask_value', 0));
  const counts = layer.reduce('any', layer.compare('notEqual', x, missing), [-1], true);
  const kept = layer.select(counts, x, layer.scalar(0));
  layer.setMask(kept, layer.squeeze(counts, [-1]));
  return kept;
};

export const embeddingLayers: Readonly<Record<string, LayerFunction>> = {
  Embedding: embedding,
  Masking: masking,
};
