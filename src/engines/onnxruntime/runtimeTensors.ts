import * as ort from 'onnxruntime-web';
import { UnsupportedError } from '../../core/errors';
import type { DenseArray } from '../../core/graph/executor';
import { decodeFloat16 } from '../../core/kernels/halfFloat';
import { encodeFloat16 } from './float16';

/** What a session says of one of its inputs or outputs. */
export type ValueMetadata = ort.InferenceSession.ValueMetadata;

type Encode = (values: Float32Array) => ort.Tensor.DataType;

/** How float32 values become each element type; integers are cut towards zero, as a cast does. */
const ENCODERS: Partial<Readonly<Record<ort.Tensor.Type, Encode>>> = {
  float32: (values) => values,
  float64: (values) => Float64Array.from(values),
  float16: encodeFloat16,
  int64: (values) => BigInt64Array.from(values, toBigInt),
  uint64: (values) => BigUint64Array.from(values, toBigInt),
  int32: (values) => Int32Array.from(values),
  uint32: (values) => Uint32Array.from(values),
  int16: (values) => Int16Array.from(values),
  uint16: (values) => Uint16Array.from(values),
  int8: (values) => Int8Array.from(values),
  uint8: (values) => Uint8Array.from(values),
  bool: (values) => Uint8Array.from(values, (value) => (value === 0 ? 0 : 1)),
};

/**
 * An input as the session takes it, in its own element type.
 * @throws UnsupportedError for types that numbers cannot fill: text, sequences, maps.
 */
export function toRuntimeTensor({ shape, values }: DenseArray, input: ValueMetadata): ort.Tensor {
  const encode = input.isTensor ? ENCODERS[input.type] : undefined;
  if (!input.isTensor || encode === undefined) throw unsupportedValue('input', input);
  return new ort.Tensor(input.type, encode(values), [...shape]);
}

/**
 * An output as numbers; int64 beyond 2^24 lose digits, as any float32 does.
 * @throws UnsupportedError for text.
 */
export function fromRuntimeTensor(tensor: ort.Tensor, output: ValueMetadata): DenseArray {
  return { shape: tensor.dims, values: toFloat32(tensor, output) };
}

/** @throws UnsupportedError for sequences and maps, which the runtime cannot give. */
export function assertTensorOutput(output: ValueMetadata): void {
  if (!output.isTensor) throw unsupportedValue('output', output);
}

function toFloat32(tensor: ort.Tensor, output: ValueMetadata): Float32Array {
  const { data } = tensor;
  if (data instanceof Float32Array) return data;
  if (tensor.type === 'float16' && data instanceof Uint16Array) {
    const values = new Float32Array(data.length);
    decodeFloat16(data, values);
    return values;
  }
  if (Array.isArray(data)) throw unsupportedValue('output', output);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}

function toBigInt(value: number): bigint {
  return BigInt(Math.trunc(value));
}

function unsupportedValue(what: 'input' | 'output', value: ValueMetadata): UnsupportedError {
  return new UnsupportedError({
    feature: 'ONNX Runtime',
    found: `${what} ${value.name} of ${value.isTensor ? value.type : 'no tensor type'}`,
    supported: 'tensors of numbers and truth values',
  });
}
