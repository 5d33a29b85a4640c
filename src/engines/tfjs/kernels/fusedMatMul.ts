import type * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { callFunction, callKernel, free, type Info, type WasmKernel } from './wasmKernel';

interface FusedAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

interface FusedCall {
  readonly inputs: {
    readonly a: Info;
    readonly b: Info;
    readonly bias?: Info;
    readonly preluActivationWeights?: Info;
  };
  readonly attrs: FusedAttributes;
  readonly backend: BackendWasm;
}

/**
 * With transpositions or batches the backend's own adds the bias, and limits, once for every 48 columns:
 * here those are a product, a sum and an activation one after the other.
 */
export const fusedMatMulKernel: WasmKernel = {
  kernelName: '_FusedMatMul',
  make: (original) => (call: FusedCall) =>
    original !== null && isPlain(call) ? own(original, call) : stepByStep(call),
};

function isPlain({ inputs: { a, b }, attrs }: FusedCall): boolean {
  const single = [a, b].every(({ shape }) => shape.slice(0, -2).every((size) => size === 1));
  return single && !attrs.transposeA && !attrs.transposeB;
}

function own(original: tf.KernelFunc, { inputs, attrs, backend }: FusedCall): Info {
  return callFunction(original, backend, { ...inputs }, { ...attrs });
}

function stepByStep({ inputs, attrs, backend }: FusedCall): Info {
  const { a, b, bias } = inputs;
  const { transposeA, transposeB } = attrs;
  const product = callKernel('BatchMatMul', backend, { a, b }, { transposeA, transposeB });
  if (bias === undefined) return activated(product, inputs, attrs, backend);
  const sum = callKernel('Add', backend, { a: product, b: bias });
  free(backend, product);
  return activated(sum, inputs, attrs, backend);
}

/** Takes over x. */
function activated(
  x: Info,
  { preluActivationWeights: alpha }: FusedCall['inputs'],
  { activation, leakyreluAlpha }: FusedAttributes,
  backend: BackendWasm,
): Info {
  if (activation === 'linear') return x;
  const result =
    activation === 'prelu' && alpha !== undefined
      ? callKernel('Prelu', backend, { x, alpha })
      : callKernel(
          KERNELS[activation] ?? activation,
          backend,
          { x },
          { alpha: leakyreluAlpha ?? 0 },
        );
  free(backend, x);
  return result;
}

/** By the name of a fused activation; one that is not here fails by its own name. */
const KERNELS: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
};
