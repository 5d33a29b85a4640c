import * as tf from '@tensorflow/tfjs-core';
import type { ElementType, GraphParameter } from '../../core/graph/graph';
import { realValues } from '../../core/kernels/codeKernels';
import type { Values } from '../../core/model/decodeValues';
import { type Model, type TensorEntry, tensorNamed } from '../../core/model/model';
import { readTensorValues } from '../../core/model/readTensor';
import type { TensorCut } from '../../core/report/plan';

/**
 * Reads a parameter of the graph in the file's layout, with a cut applied: its real numbers, also where
 * the file holds integer codes, or the codes where the graph wants those.
 * @throws FormatError, IoError as reading does.
 */
export async function readParameter(
  model: Model,
  { tensor, type, asCodes }: GraphParameter,
  cut: TensorCut | null,
): Promise<tf.Tensor> {
  const entry = tensorNamed(model, tensor);
  const stored = await readTensorValues(model, entry, cut);
  const values = asCodes === true ? stored : dequantized(stored, entry);
  return uploadValues(values, entry.shape, type);
}

/** Puts values onto the engine: floats as float32, all integers as int32. */
export function uploadValues(
  values: Values | readonly number[],
  shape: readonly number[],
  type: ElementType,
): tf.Tensor {
  if (type === 'float32') {
    const single = values instanceof Float32Array ? values : Float32Array.from(values);
    return tf.tensor(single, [...shape], 'float32');
  }
  if (type === 'int32') return tf.tensor(Int32Array.from(values, toInt32), [...shape], 'int32');
  return tf.tensor(Uint8Array.from(values, Number), [...shape], 'bool');
}

/** Indices of 64 bits such as "to the end" keep their meaning only if they stay the largest there are. */
function toInt32(value: number): number {
  return Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1);
}

/** (code - zero point) * scale, in C order. */
function dequantized(codes: Values, { affine, shape }: TensorEntry): Values {
  if (affine === undefined) return codes;
  const { scales, zeroPoints, axis } = affine;
  const inner = axis === null ? 1 : shape.slice(axis + 1).reduce((size, n) => size * n, 1);
  const values = new Float64Array(codes.length);
  const constants = {
    scales: Float64Array.from(scales),
    zeroPoints: Float64Array.from(zeroPoints),
  };
  realValues(Int32Array.from(codes), constants, { firstElement: 0, inner }, values);
  return values;
}
