import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** What kernels take and give: data on the engine's heap with a shape. */
export type Info = tf.TensorInfo;

export type Attributes = Readonly<Record<string, unknown>>;

/** One call of a kernel on the wasm backend. */
export interface WasmCall<I extends string = string, A = Attributes> {
  readonly inputs: Readonly<Record<I, Info>>;
  readonly attrs: A;
  readonly backend: BackendWasm;
}

/** A kernel to be put in place of the backend's own, or where it has none. */
export interface WasmKernel {
  readonly kernelName: string;
  /** @param original the backend's own; null where it has none */
  readonly make: (original: tf.KernelFunc | null) => (call: never) => Info;
}

/**
 * Runs one of the backend's kernels from inside another one. What it gives must be freed by {@link free}
 * unless it is returned.
 */
export function callKernel(
  name: string,
  backend: BackendWasm,
  inputs: Readonly<Record<string, Info>>,
  attrs: Attributes = {},
): Info {
  const kernel = tf.getKernel(name, 'wasm') as tf.KernelConfig | undefined;
  if (kernel === undefined) throw new Error(`the wasm backend has no kernel ${name}`);
  return callFunction(kernel.kernelFunc, backend, inputs, attrs);
}

/** As {@link callKernel}, for a kernel at hand. */
export function callFunction(
  kernel: tf.KernelFunc,
  backend: BackendWasm,
  inputs: Readonly<Record<string, Info>>,
  attrs: Attributes,
): Info {
  const result = kernel({ inputs: { ...inputs }, attrs: { ...attrs } as tf.NamedAttrMap, backend });
  const [only] = Array.isArray(result) ? result : [result];
  if (only === undefined) throw new Error('a kernel gives at least one tensor');
  return only;
}

/** Frees data that a kernel made for itself. */
export function free(backend: BackendWasm, ...tensors: readonly Info[]): void {
  for (const { dataId } of tensors) backend.disposeData(dataId);
}

/** The same data in another shape; to be freed like any other. */
export function viewOf(backend: BackendWasm, { dataId, dtype }: Info, shape: number[]): Info {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}

/** A result in another shape, in its own place. */
export function reshaped({ dataId, dtype }: Info, shape: number[]): Info {
  return { dataId, shape, dtype };
}

/**
 * The floats of a tensor, in place on the heap. Only good until the next allocation, which may move the
 * heap: take views after all outputs are made.
 */
export function floatsOf(backend: BackendWasm, tensor: Info): Float32Array {
  const values = backend.typedArrayFromHeap(tensor);
  if (values instanceof Float32Array) return values;
  throw new Error(`expected float32, found ${tensor.dtype}`);
}

/** Room for float32 on the heap; what it holds is not defined. */
export function makeFloats(backend: BackendWasm, shape: readonly number[]): Info {
  return backend.makeOutput([...shape], 'float32');
}
