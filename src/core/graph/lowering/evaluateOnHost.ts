import type { Operator } from '../operators/operator';
import { type Misfit, resolveAxis } from '../shapes/valueFacts';
import {
  concatenateHost,
  expandHost,
  gatherHost,
  reduceHost,
  reshapeHost,
  sliceHost,
  tileHost,
  transposeHost,
} from './hostArrays';
import { castHost, compareHost, mergeHost, selectHost, unaryHost } from './hostElementwise';
import type { HostValue } from './hostValue';

/**
 * What an operator makes of inputs that are known while lowering, so that no node is needed; null where
 * it is none that sizes are computed with.
 * @throws what `misfit` makes where the inputs do not fit.
 */
export function evaluateOnHost(
  operator: Operator,
  inputs: readonly HostValue[],
  misfit: Misfit,
): readonly HostValue[] | null {
  if (operator.kind === 'split') return splitHost(operator, inputs, misfit);
  const one = evaluateOne(operator, inputs, misfit);
  return one === null ? null : [one];
}

function evaluateOne(
  operator: Operator,
  inputs: readonly HostValue[],
  misfit: Misfit,
): HostValue | null {
  const [x, y, z] = inputs;
  if (x === undefined) return null;
  switch (operator.kind) {
    case 'identity':
      return x;
    case 'merge':
      return evaluateMerge(operator, inputs, misfit);
    case 'compare':
    case 'logical':
      return y === undefined ? null : compareHost(operator.mode, [x, y], misfit);
    case 'select':
      return y === undefined || z === undefined ? null : selectHost([x, y, z], misfit);
    case 'cast':
      return castHost(x, operator.to);
    case 'unary':
      return unaryHost(operator.function, x);
    case 'reshape':
      return reshapeHost(x, operator.shape, misfit);
    case 'transpose':
      return transposeHost(x, operator.permutation, misfit);
    case 'concatenate':
      return concatenateHost(inputs, operator.axis, misfit);
    case 'slice':
      return sliceHost(x, operator, misfit);
    case 'gather':
      return y === undefined ? null : gatherHost(x, y, operator.axis, misfit);
    case 'expand':
      return expandHost(x, operator.shape, misfit);
    case 'tile':
      return tileHost(x, operator.repeats, misfit);
    case 'reduce':
      return reduceHost(x, operator, misfit);
    default:
      return null;
  }
}

function evaluateMerge(
  operator: Extract<Operator, { readonly kind: 'merge' }>,
  inputs: readonly HostValue[],
  misfit: Misfit,
): HostValue | null {
  // A mean of more than two is no step by step one, and inputs after the batch have no fixed ranks.
  if (operator.alignment !== 'leading' || operator.mode === 'average') return null;
  return inputs.reduce((a, b) => mergeHost(operator.mode, [a, b], misfit));
}

function splitHost(
  { axis, sizes }: Extract<Operator, { readonly kind: 'split' }>,
  [x]: readonly HostValue[],
  misfit: Misfit,
): readonly HostValue[] | null {
  if (x === undefined) return null;
  const at = resolveAxis(axis, x.shape.length, misfit);
  let start = 0;
  return sizes.map((size) => {
    const part = { kind: 'slice', axes: [at], starts: [start], sizes: [size], steps: [1] } as const;
    start += size;
    return sliceHost(x, part, misfit);
  });
}
