import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../core/errors';
import type { ElementType, Graph } from '../../core/graph/graph';
import { cutsByTensor } from '../../core/model/applyCut';
import type { Values } from '../../core/model/decodeValues';
import { type Model, tensorNamed } from '../../core/model/model';
import { readTensorValues } from '../../core/model/readTensor';
import type { PlanEntry } from '../../core/report/plan';
import { MAX_WEIGHT_BYTES } from './limits';

/** What a graph reads beside its inputs: parameters and constants, by value id. */
export type Parameters = ReadonlyMap<string, tf.Tensor>;

/**
 * Reads what the graph needs, with the cuts applied: floats as float32, integers as int32.
 * @throws UnsupportedError beyond MAX_WEIGHT_BYTES; FormatError, IoError as reading does.
 */
export async function loadParameters(
  model: Model,
  graph: Graph,
  cuts: readonly PlanEntry[],
): Promise<Parameters> {
  assertFits(
    model,
    graph.parameters.map(({ tensor }) => tensor),
  );
  const cutOf = cutsByTensor(cuts);
  const loaded = new Map<string, tf.Tensor>();
  try {
    for (const { value, tensor, type } of graph.parameters) {
      const entry = tensorNamed(model, tensor);
      const values = await readTensorValues(model, entry, cutOf.get(tensor) ?? null);
      loaded.set(value, upload(values, [...entry.shape], type));
    }
    for (const { value, shape, type, values } of graph.constants) {
      loaded.set(value, upload(Float64Array.from(values), [...shape], type));
    }
  } catch (error) {
    for (const tensor of loaded.values()) tensor.dispose();
    throw error;
  }
  return loaded;
}

function upload(values: Values, shape: number[], type: ElementType): tf.Tensor {
  if (type === 'float32') {
    const single = values instanceof Float32Array ? values : Float32Array.from(values);
    return tf.tensor(single, shape, 'float32');
  }
  if (type === 'int32') return tf.tensor(Int32Array.from(values), shape, 'int32');
  return tf.tensor(Uint8Array.from(values), shape, 'bool');
}

function assertFits(model: Model, names: readonly string[]): void {
  const bytes = names.reduce((sum, name) => sum + tensorNamed(model, name).elementCount * 4, 0);
  if (bytes <= MAX_WEIGHT_BYTES) return;
  throw new UnsupportedError({
    feature: 'evaluation',
    found: `${bytes} bytes of weights`,
    supported: `at most ${MAX_WEIGHT_BYTES} bytes, for which WebAssembly has room`,
  });
}
