import type { Graph } from './graph';

/**
 * A graph that is written on first use. The getters are its own, so that a model may be copied without
 * writing its graph; copying the graph itself writes it.
 * @param write called once; what it throws, reading the graph throws.
 */
export function lazyGraph(write: () => Graph): Graph {
  let written: Graph | null = null;
  const graph = (): Graph => (written ??= write());
  return {
    get inputs() {
      return graph().inputs;
    },
    get outputs() {
      return graph().outputs;
    },
    get parameters() {
      return graph().parameters;
    },
    get constants() {
      return graph().constants;
    },
    get nodes() {
      return graph().nodes;
    },
  };
}
