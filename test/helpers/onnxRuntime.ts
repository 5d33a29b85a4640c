import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as ort from 'onnxruntime-web';
import type { Model } from '../../src/core/model/model';
import { readTensorValues } from '../../src/core/model/readTensor';
import { openModelFile } from '../../src/node/openModel';

ort.env.wasm.numThreads = 1;

/** Values with their shape, by name. */
export interface Values {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
}

/**
 * Runs a model in onnxruntime-web (WebAssembly, one thread), with the files beside it as external data.
 * @returns the first output
 */
export async function runOnnx(file: string, input: Values): Promise<Values> {
  const folder = path.dirname(file);
  const beside = (await readdir(folder)).filter((name) => name !== path.basename(file));
  const externalData = await Promise.all(
    beside
      .filter((name) => name.startsWith(path.basename(file)))
      .map(async (name) => ({ path: name, data: await readFile(path.join(folder, name)) })),
  );
  const session = await ort.InferenceSession.create(await readFile(file), { externalData });
  try {
    const [metadata] = session.inputMetadata;
    const half = metadata?.isTensor === true && metadata.type === 'float16';
    const data = half ? toFloat16(input.data) : input.data;
    const tensor = new ort.Tensor(half ? 'float16' : 'float32', data, [...input.shape]);
    const results = await session.run({ [session.inputNames[0]!]: tensor });
    const output = results[session.outputNames[0]!]!;
    return { data: toFloat32(output), shape: output.dims };
  } finally {
    await session.release();
  }
}

/** The arrays of an npz as float32, by name. */
export async function readArrays(file: string): Promise<ReadonlyMap<string, Values>> {
  const opened = await openModelFile(file);
  try {
    const arrays = new Map<string, Values>();
    for (const tensor of opened.model.tensors) {
      const data = await valuesOf(opened.model, tensor.name);
      arrays.set(tensor.name, { data, shape: tensor.shape });
    }
    return arrays;
  } finally {
    await opened.close();
  }
}

async function valuesOf(model: Model, name: string): Promise<Float32Array<ArrayBuffer>> {
  const tensor = model.tensors.find((one) => one.name === name)!;
  return Float32Array.from(await readTensorValues(model, tensor));
}

function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, float16Bits);
}

/** Of values that a float16 can hold; subnormals become zero. */
function float16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign;
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
}

function toFloat32(tensor: ort.Tensor): Float32Array<ArrayBuffer> {
  if (tensor.type !== 'float16') return Float32Array.from(tensor.data as Float32Array);
  return Float32Array.from(tensor.data as ArrayLike<number>, (bits) => float16Value(bits, tensor));
}

/** Newer engines give half floats as numbers, others as bits. */
function float16Value(bits: number, tensor: ort.Tensor): number {
  if (!(tensor.data instanceof Uint16Array)) return bits;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  const size = exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}
