import type { Graph, GraphNode } from '../../core/graph/graph';
import type { TensorEntry } from '../../core/model/model';

/** Values that stand for the input itself in another shape or type, with the nodes that read them. */
function readersOf(graph: Graph, value: string): readonly GraphNode[] {
  const same = new Set([value]);
  return graph.nodes.filter(({ operator, inputs, outputs }) => {
    if (!inputs.some((input) => input !== null && same.has(input))) return false;
    const passesOn =
      operator.kind === 'identity' || operator.kind === 'cast' || operator.kind === 'reshape';
    if (passesOn) for (const output of outputs) if (output !== null) same.add(output);
    return !passesOn;
  });
}

/**
 * The rows of the smallest table that the input's numbers choose rows of; null where they choose none.
 */
export function indexLimitOf(
  graph: Graph,
  value: string,
  tensors: readonly TensorEntry[],
): number | null {
  const limits = readersOf(graph, value).flatMap(({ operator, inputs }) => {
    if (operator.kind !== 'gather' || operator.axis !== 0) return [];
    const table = graph.parameters.find((parameter) => parameter.value === inputs[0]);
    const rows = tensors.find(({ name }) => name === table?.tensor)?.shape[0];
    return rows === undefined ? [] : [rows];
  });
  return limits.length === 0 ? null : Math.min(...limits);
}

/** A factor below this, or a divisor or mean above 8, is only learnt from or made for numbers as large as pixels. */
const LARGEST_PIXEL_FACTOR = 1 / 8;

/** Whether what first reads an input makes numbers as large as pixels small, as a layer Rescaling does. */
export function scalesItself(graph: Graph, value: string): boolean {
  return readersOf(graph, value).some(({ operator, inputs }) => {
    if (operator.kind !== 'merge') return false;
    const constant = graph.constants.find((candidate) => inputs.includes(candidate.value));
    const largest = Math.max(0, ...(constant?.values.map(Math.abs) ?? []));
    if (largest === 0) return false;
    if (operator.mode === 'multiply') return largest < LARGEST_PIXEL_FACTOR;
    const dividesOrShifts = operator.mode === 'divide' || operator.mode === 'subtract';
    return dividesOrShifts && largest > 1 / LARGEST_PIXEL_FACTOR;
  });
}
