import type { Operator } from './operators/operator';

/** Whether what an operator gives is exactly zero over a whole range of what it takes. */
export function makesZeros(operator: Operator): boolean {
  if (operator.kind === 'merge') return operator.mode === 'maximum' || operator.mode === 'minimum';
  if (operator.kind !== 'activation') return false;
  const { function: activation } = operator;
  switch (activation.name) {
    case 'relu':
      return activation.negativeSlope === 0;
    case 'clip':
      return activation.min === 0 || activation.max === 0;
    case 'hardShrink':
    case 'softShrink':
    case 'hardSigmoid':
    case 'hardSwish':
    case 'sparsemax':
      return true;
    default:
      return false;
  }
}
