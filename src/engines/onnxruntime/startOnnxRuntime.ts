import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as ort from 'onnxruntime-web';

const WASM_FILE = 'ort-wasm-simd-threaded.wasm';
const LOADER_FILE = 'ort-wasm-simd-threaded.mjs';
const IN_PACKAGE = 'node_modules/onnxruntime-web/dist';

/**
 * Sets the runtime up, once a process: one thread, because more are slower in Node, and its WebAssembly
 * module from beside the bundle.
 * @returns the engine in words, e.g. `ONNX Runtime 1.30.0 wasm`.
 */
export function startOnnxRuntime(): string {
  const folder = runtimeFolder();
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmPaths = {
    mjs: pathToFileURL(path.join(folder, LOADER_FILE)).href,
    wasm: pathToFileURL(path.join(folder, WASM_FILE)).href,
  };
  return `ONNX Runtime ${ort.env.versions.web ?? ''} wasm`;
}

/** Beside the bundle; in tests, which are bundled elsewhere, the package's own. */
function runtimeFolder(): string {
  if (existsSync(path.join(__dirname, WASM_FILE))) return __dirname;
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, IN_PACKAGE);
    if (existsSync(path.join(candidate, WASM_FILE))) return candidate;
    if (folder === path.dirname(folder)) throw new Error(`${WASM_FILE} is not installed`);
  }
}
