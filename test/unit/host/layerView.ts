import type { LayerView } from '../../../src/protocol/views';

/** A prunable dense layer of this name with one weight of 2 by 3. */
export function layerView(name: string): LayerView {
  const weight = {
    name: `${name}.weight`,
    shape: [2, 3],
    dtype: 'float32',
    elementCount: 6,
    role: 'parameter',
  } as const;
  return {
    name,
    operator: 'dense',
    operatorLabel: 'Dense',
    tensors: [weight.name],
    weight,
    parameterCount: 6,
    prunable: true,
    lockedBy: null,
    isOutput: false,
    guessed: false,
    unitAxis: 0,
    unitCount: 2,
    unitAxisBy: null,
  };
}
