import type { LayerView, ModelView } from '../../protocol/views';
import type { ModelState } from '../model/modelState';

/** How sparse weights are, as far as it is known: as the plan would leave them, else as they are. */
export interface Sparsity {
  readonly share: number;
  readonly planned: boolean;
}

/** The sparsity over the weights of some layers; null while nothing of them is known. */
export function sparsityOf(layers: readonly LayerView[], state: ModelState): Sparsity | null {
  let zeros = 0;
  let elementCount = 0;
  let planned = false;
  for (const { weight } of layers) {
    if (weight === null) continue;
    const entry = state.plan?.plan.entries.find(({ tensor }) => tensor === weight.name);
    const found = entry?.zerosAfter ?? state.statistics.get(weight.name)?.statistics.zeros;
    if (found === undefined) return null;
    planned ||= entry !== undefined;
    zeros += found;
    elementCount += weight.elementCount;
  }
  return elementCount === 0 ? null : { share: zeros / elementCount, planned };
}

/** The share of a model's parameters that some of its layers hold, 0 to 1. */
export function parameterShare(layers: readonly LayerView[], model: ModelView): number {
  const count = layers.reduce((sum, { parameterCount }) => sum + parameterCount, 0);
  return model.parameterCount === 0 ? 0 : count / model.parameterCount;
}
