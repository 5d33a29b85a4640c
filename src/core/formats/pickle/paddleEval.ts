import { argumentsOf, calleeOf, type PickleCall, type PickleValue, textOf } from './pickleValue';

/**
 * Paddle saves a tensor as the call `eval('data', {'data': array})`, which gives the array back. Recognised
 * by this exact shape, with an array in it, and never evaluated.
 * Source: Paddle, python/paddle/framework/io.py (reduce_LoDTensor).
 */
export function isPaddleEval(call: PickleCall): boolean {
  return paddleEvalData(call) !== null;
}

/** The array within the call, null for any other call. */
export function paddleEvalData(call: PickleCall): PickleCall | null {
  const callee = calleeOf(call);
  if (callee?.name !== 'eval') return null;
  if (callee.module !== 'builtins' && callee.module !== '__builtin__') return null;
  const [expression, scope, ...rest] = argumentsOf(call);
  if (textOf(expression) !== 'data' || rest.length > 0) return null;
  if (typeof scope !== 'object' || scope?.kind !== 'dict' || scope.keys.length !== 1) return null;
  if (textOf(scope.keys[0]) !== 'data') return null;
  return asReconstructedArray(scope.values[0]);
}

function asReconstructedArray(value: PickleValue | undefined): PickleCall | null {
  const callee = calleeOf(value);
  const isArray =
    callee?.name === '_reconstruct' &&
    (callee.module === 'numpy.core.multiarray' || callee.module === 'numpy._core.multiarray');
  return isArray && typeof value === 'object' && value?.kind === 'call' ? value : null;
}
