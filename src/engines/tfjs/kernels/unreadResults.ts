import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type Info, makeFloats } from './wasmKernel';

let unread = false;

/**
 * Runs something synchronous whose products and convolutions nobody will read: where an operator is computed again
 * only so that its gradient is on the tape. What these kernels give then has the right shape, but values that are
 * not defined; their gradients are made of their inputs alone.
 */
export function withResultsUnread<T>(run: () => T): T {
  unread = true;
  try {
    return run();
  } finally {
    unread = false;
  }
}

/** Room for a result that is not read; null where it is, so that it must be computed. */
export function unreadResult(backend: BackendWasm, shape: readonly number[]): Info | null {
  return unread ? makeFloats(backend, shape) : null;
}
