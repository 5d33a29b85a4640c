import type { ObservedValue } from '../../core/graph/executor';
import type { RecurrentOperator } from '../../core/graph/operators/recurrent';
import type { HiddenStates } from './hiddenStates';

/** Which states are summed, and how often. */
export interface HiddenSquares {
  readonly states: HiddenStates;
  readonly operator: RecurrentOperator;
  readonly weight: number;
}

/**
 * Adds the squares of the hidden states that the recurrent kernel is multiplied with: all of the sequence but each
 * direction's last.
 * @param sums direction by direction, one a unit
 */
export function addHiddenSquaresInPlace(
  sums: Float64Array,
  { values, shape, strides }: ObservedValue,
  { states, operator, weight }: HiddenSquares,
): void {
  const { units, directions } = operator;
  const { timeAxis, batchAxis, directionAxis } = states;
  const steps = shape[timeAxis] ?? 0;
  const [timeStride = 1, batchStride = 1] = [strides[timeAxis], strides[batchAxis]];
  const unitStride = strides.at(-1) ?? 1;
  directions.forEach(({ reverse }, direction) => {
    const start = directionAxis === null ? 0 : direction * (strides[directionAxis] ?? 1);
    const last = reverse ? 0 : steps - 1;
    for (let step = 0; step < steps; step++) {
      if (step === last) continue;
      for (let sample = 0; sample < (shape[batchAxis] ?? 0); sample++) {
        const at = start + step * timeStride + sample * batchStride;
        for (let unit = 0; unit < units; unit++) {
          const value = values[at + unit * unitStride] ?? 0;
          const place = direction * units + unit;
          sums[place] = (sums[place] ?? 0) + weight * value * value;
        }
      }
    }
  });
}
