import assert from 'node:assert/strict';
import * as ort from 'onnxruntime-web';
import { readOnnx } from '../../../../../src/core/formats/onnx/readOnnx';
import { opaqueOperators } from '../../../../../src/core/graph/opaqueOperators';
import type { ByteSource } from '../../../../../src/core/io';
import type { Model } from '../../../../../src/core/model/model';
import { createTfjsExecutor } from '../../../../../src/engines/tfjs/createTfjsExecutor';
import { seededRandom } from '../../../../helpers/random';
import { type ArrayType, type ModelSpec, modelBytes, type OnnxArray, rawBytes } from './onnxNodes';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

/** The model of these bytes, which name no other file. */
export function readBytesAsOnnx(bytes: Uint8Array): Promise<Model> {
  return readOnnx({
    main: plainSource(bytes),
    openBeside: (paths) => {
      assert.equal(paths.length, 0);
      return Promise.resolve([]);
    },
    close: () => Promise.resolve(),
  });
}

/** Bytes as a file on a disk would give them. */
function plainSource(bytes: Uint8Array): ByteSource {
  return {
    name: 'test.onnx',
    byteLength: bytes.length,
    readInto: (byteOffset, target) => {
      target.set(bytes.subarray(byteOffset, byteOffset + target.length));
      return Promise.resolve();
    },
  };
}

interface Output {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/**
 * Runs a model in onnxruntime-web 1.30.0 and on the own executor and compares all outputs:
 * |a - b| <= tolerance * max(1, max |b|). The graph at declared shapes is compared too where it can be run.
 */
export async function assertBesideRuntime(spec: ModelSpec, tolerance = 1e-5): Promise<void> {
  const bytes = modelBytes(spec);
  const expected = await runInRuntime(bytes, spec);
  const model = await readBytesAsOnnx(bytes);
  assertClose(await runOwn(model, spec), expected, tolerance);
  const { lowerGraph, ...declared } = model;
  assert.ok(lowerGraph !== undefined, 'it can be lowered at other shapes');
  if (opaqueOperators(model.graph!).length > 0) return;
  assertClose(await runOwn(declared, spec), expected, tolerance);
}

async function runInRuntime(bytes: Uint8Array, spec: ModelSpec): Promise<readonly Output[]> {
  const session = await ort.InferenceSession.create(bytes, {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  try {
    const feeds = Object.entries(spec.inputs).map(
      ([name, array]) => [name, runtimeTensor(array)] as const,
    );
    const results = await session.run(Object.fromEntries(feeds));
    return session.outputNames.map((name) => {
      const { dims, data } = results[name]!;
      return { shape: dims, values: Array.from(data as ArrayLike<number | bigint>, Number) };
    });
  } finally {
    await session.release();
  }
}

function runtimeTensor(array: OnnxArray): ort.Tensor {
  const raw = Uint8Array.from(rawBytes(array)).buffer;
  const shape = [...array.shape];
  switch (array.type) {
    case 'float32':
      return new ort.Tensor('float32', new Float32Array(raw), shape);
    case 'int32':
      return new ort.Tensor('int32', new Int32Array(raw), shape);
    case 'int64':
      return new ort.Tensor('int64', new BigInt64Array(raw), shape);
    case 'int8':
      return new ort.Tensor('int8', new Int8Array(raw), shape);
    case 'uint8':
      return new ort.Tensor('uint8', new Uint8Array(raw), shape);
    case 'bool':
      return new ort.Tensor('bool', new Uint8Array(raw), shape);
  }
}

async function runOwn(model: Model, spec: ModelSpec): Promise<readonly Output[]> {
  const executor = await createTfjsExecutor(model, []);
  try {
    const inputs = Object.values(spec.inputs).map(({ shape, values }) => ({
      shape,
      values: Float32Array.from(values),
    }));
    const outputs = await executor.run(inputs);
    return outputs.map(({ shape, values }) => ({ shape, values: [...values] }));
  } finally {
    executor.dispose();
  }
}

function assertClose(
  found: readonly Output[],
  expected: readonly Output[],
  tolerance: number,
): void {
  assert.equal(found.length, expected.length);
  for (const [at, output] of expected.entries()) {
    assert.deepEqual([...found[at]!.shape], [...output.shape]);
    const finite = output.values.filter(Number.isFinite).map(Math.abs);
    const scale = finite.reduce((most, value) => Math.max(most, value), 1);
    for (const [i, value] of output.values.entries()) {
      const own = found[at]!.values[i]!;
      const isClose =
        Object.is(own, value) || own === value || Math.abs(own - value) <= tolerance * scale;
      assert.ok(isClose, `output ${at}[${i}]: ${own} for ${value}`);
    }
  }
}

/** Draws shapes, attributes and numbers, the same for the same seed. */
export class Draw {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  /** A whole number from `least` to `most`. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!;
  }

  /** Floats in a range, or whole numbers of another type in it. */
  array(
    shape: readonly number[],
    range: readonly [number, number] = [-2, 2],
    type: ArrayType = 'float32',
  ): OnnxArray {
    const count = shape.reduce((product, size) => product * size, 1);
    const [least, most] = range;
    const draw = (): number =>
      type === 'float32'
        ? Math.fround(least + this.next() * (most - least))
        : this.int(least, most);
    return { type, shape, values: Array.from({ length: count }, draw) };
  }
}

/** Integers as a one-dimensional tensor. */
export function longs(values: readonly number[]): OnnxArray {
  return { type: 'int64', shape: [values.length], values };
}

/** A single number. */
export function scalar(value: number, type: ArrayType = 'float32'): OnnxArray {
  return { type, shape: [], values: [value] };
}
