import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { UnsupportedError } from '../../core/errors';

/** What the backend calls of its module; the types it names for that are not installed with it. */
interface Heap {
  _malloc: (byteLength: number) => number;
  readonly _free: (address: number) => void;
}

/**
 * Makes the wasm backend refuse what its heap has no room for. By itself it takes the address 0, with which
 * `malloc` says no, for room, and writes over its own records there.
 */
export function checkHeap(): void {
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) return;
  const heap = backend.wasm as unknown as Heap;
  // The module puts the real function in place of a stub at the first call, which would undo ours.
  heap._free(heap._malloc(1));
  const allocate = heap._malloc;
  heap._malloc = (byteLength) => {
    const address = allocate(byteLength);
    if (address === 0 && byteLength > 0) throw heapIsFull(byteLength);
    return address;
  };
}

function heapIsFull(byteLength: number): UnsupportedError {
  return new UnsupportedError({
    feature: 'evaluation',
    found: `an array of ${byteLength} bytes beside values of ${tf.memory().numBytes}`,
    supported:
      'networks whose values at a time fit into the 4 GiB of WebAssembly, in one piece each',
  });
}
