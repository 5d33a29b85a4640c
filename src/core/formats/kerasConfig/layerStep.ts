import type { Operator } from '../../graph/operators/operator';
import type { TensorEntry } from '../../model/model';

/** One operator of a layer, and the variables that it reads after its inputs, in its order. */
export interface LayerStep {
  readonly operator: Operator;
  readonly weights: readonly (TensorEntry | null)[];
}

/** A step that reads no variables. */
export function plainStep(operator: Operator): LayerStep {
  return { operator, weights: [] };
}
