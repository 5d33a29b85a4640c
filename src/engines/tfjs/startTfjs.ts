import { existsSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
// Nothing else names the gradients, so that a bundler would leave them out.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { checkHeap } from './checkHeap';
import { registerGradients } from './gradients/registerGradients';
import { registerCpuKernels, registerWasmKernels } from './kernels/registerKernels';

const WASM_FILE = 'tfjs-backend-wasm.wasm';

let started: Promise<string> | null = null;

/**
 * Starts TensorFlow.js once a process: on WebAssembly, or on plain JavaScript where that cannot run.
 * @returns the engine in words, e.g. `TensorFlow.js wasm (SIMD)`.
 */
export function startTfjs(): Promise<string> {
  return startTfjsWith((own) => own());
}

/**
 * Starts TensorFlow.js in another way; only as the first in a process.
 * @param begin loads and sets a backend, or begins as {@link startTfjs} does; gives the engine in words
 * @returns the engine that runs, which is another where one was started before.
 */
export function startTfjsWith(
  begin: (own: () => Promise<string>) => Promise<string>,
): Promise<string> {
  started ??= prepare(begin);
  return started;
}

/** Gradients do not depend on the backend, but loading one may register its own. */
async function prepare(begin: (own: () => Promise<string>) => Promise<string>): Promise<string> {
  const engine = await begin(start);
  registerGradients();
  return engine;
}

async function start(): Promise<string> {
  // Silences the advice to install tfjs-node, which would go to the standard output.
  tf.env().set('PROD', true);
  registerCpuKernels();
  if (await tryWasm()) {
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    return simd === true ? 'TensorFlow.js wasm (SIMD)' : 'TensorFlow.js wasm';
  }
  await tf.setBackend('cpu');
  return 'TensorFlow.js cpu (WebAssembly could not start)';
}

async function tryWasm(): Promise<boolean> {
  const folder = wasmFolder();
  if (folder === null) return false;
  // The paths are joined by plain concatenation, so the separator must be there.
  setWasmPaths(folder + path.sep);
  const isStarted = await withoutNewListeners(() => tf.setBackend('wasm'));
  if (!isStarted) return false;
  registerWasmKernels();
  checkHeap();
  return true;
}

/** Beside the bundle; in tests, which are bundled elsewhere, the package's own. */
function wasmFolder(): string | null {
  if (existsSync(path.join(__dirname, WASM_FILE))) return __dirname;
  const inPackage = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, inPackage);
    if (existsSync(path.join(candidate, WASM_FILE))) return candidate;
    if (folder === path.dirname(folder)) return null;
  }
}

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/** The wasm module adds process-wide listeners that rethrow, so that no other handler would count. */
async function withoutNewListeners<T>(run: () => Promise<T>): Promise<T> {
  const before = PROCESS_EVENTS.map((event) => new Set(process.rawListeners(event)));
  try {
    return await run();
  } finally {
    PROCESS_EVENTS.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) {
        if (before[i]?.has(listener) === false) {
          process.removeListener(event, listener as (...args: unknown[]) => void);
        }
      }
    });
  }
}
