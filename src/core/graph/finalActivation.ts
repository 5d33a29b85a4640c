import type { ActivationFunction } from './operators/activation';
import type { Graph } from './graph';

/**
 * The activation that gives an output of the graph, looked for behind operators that only pass values
 * on; null where the output comes from another operator.
 */
export function finalActivation(graph: Graph, outputIndex = 0): ActivationFunction | null {
  let value: string | null | undefined = graph.outputs[outputIndex]?.value;
  for (const { operator, outputs, inputs } of graph.nodes.toReversed()) {
    if (value === null || outputs[0] !== value) continue;
    if (operator.kind === 'activation') return operator.function;
    const passesOn =
      operator.kind === 'identity' || operator.kind === 'reshape' || operator.kind === 'flatten';
    if (!passesOn) return null;
    value = inputs[0];
  }
  return null;
}
