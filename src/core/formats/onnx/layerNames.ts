import type { Layer } from '../../model/model';

/** Two layers of one node (both kernels of an LSTM, say), or of nodes that share a name, go by their weights' names. */
export function uniquelyNamed(layers: readonly Layer[]): readonly Layer[] {
  const seen = new Set<string>();
  return layers.map((layer) => {
    const [parameter = layer.name] = layer.parameters;
    let name = seen.has(layer.name) ? parameter : layer.name;
    for (let i = 2; seen.has(name); i++) name = `${parameter} (${i})`;
    seen.add(name);
    return { ...layer, name };
  });
}
