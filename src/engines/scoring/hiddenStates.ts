import { unreadOutput } from '../../core/graph/executor';
import type { GraphNode } from '../../core/graph/graph';
import type { ValueShapes } from '../../core/graph/inferShapes';
import type { RecurrentOperator } from '../../core/graph/operators/recurrent';

/** Where the states are seen that a recurrent kernel is multiplied with: what the layer gave at the step before. */
export interface HiddenStates {
  /** The sequence that the layer gives. */
  readonly value: string;
  readonly timeAxis: number;
  readonly batchAxis: number;
  /** Null where there is but one direction. */
  readonly directionAxis: number | null;
  /** The state before the first step is 0. One that is given from outside is not seen, and left out. */
  readonly startsAtZero: boolean;
}

/**
 * Null where the kernel does not meet these states: a GRU that applies its reset gate before the product multiplies
 * a part of its kernel with what no value of the graph holds; and where there is a given state and no second step.
 */
export function hiddenStates(
  { id, inputs, outputs }: GraphNode,
  { cell, form, batchFirst, resetAfter }: RecurrentOperator,
  shapes: ValueShapes,
): HiddenStates | null {
  if (cell === 'gru' && !resetAfter) return null;
  const isBatchFirst = form === 'keras' || batchFirst;
  const timeAxis = isBatchFirst ? 1 : 0;
  const startsAtZero = !inputs[4];
  if (!startsAtZero && shapes.get(inputs[0] ?? '')?.shape[timeAxis] === 1) return null;
  return {
    value: outputs[0] ?? unreadOutput(id, 0),
    timeAxis,
    batchAxis: isBatchFirst ? 0 : 2,
    directionAxis: form === 'keras' ? null : isBatchFirst ? 2 : 1,
    startsAtZero,
  };
}
