import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../core/errors';
import type { Graph, Operator } from '../../core/graph/graph';
import { cutsByTensor } from '../../core/model/applyCut';
import type { Values } from '../../core/model/decodeValues';
import { type Model, tensorNamed } from '../../core/model/model';
import { readTensorValues } from '../../core/model/readTensor';
import type { PlanEntry } from '../../core/report/plan';
import { MAX_WEIGHT_BYTES } from './limits';

/** The tensors that a graph's operators name, in the layouts in which the engine wants them. */
export class Parameters {
  constructor(private readonly tensors: ReadonlyMap<string, tf.Tensor>) {}

  get(name: string): tf.Tensor {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new Error(`no parameter ${name} was loaded`);
    return tensor;
  }

  dispose(): void {
    for (const tensor of this.tensors.values()) tensor.dispose();
  }
}

/** How a parameter's axes are brought into the engine's order; null: as they are. */
type Permutation = readonly number[] | null;

/**
 * Reads what the graph needs, with the cuts applied, as float32.
 * @throws UnsupportedError beyond MAX_WEIGHT_BYTES; FormatError, IoError as reading does.
 */
export async function loadParameters(
  model: Model,
  graph: Graph,
  cuts: readonly PlanEntry[],
): Promise<Parameters> {
  const wanted = parametersOf(graph);
  assertFits(model, [...wanted.keys()]);
  const cutOf = cutsByTensor(cuts);
  const loaded = new Map<string, tf.Tensor>();
  try {
    for (const [name, permutation] of wanted) {
      const entry = tensorNamed(model, name);
      const values = await readTensorValues(model, entry, cutOf.get(name) ?? null);
      loaded.set(name, upload(values, [...entry.shape], permutation));
    }
  } catch (error) {
    for (const tensor of loaded.values()) tensor.dispose();
    throw error;
  }
  return new Parameters(loaded);
}

function upload(values: Values, shape: number[], permutation: Permutation): tf.Tensor {
  const single = values instanceof Float32Array ? values : Float32Array.from(values);
  if (permutation === null) return tf.tensor(single, shape, 'float32');
  return tf.tidy(() => tf.transpose(tf.tensor(single, shape, 'float32'), [...permutation]));
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

function parametersOf(graph: Graph): ReadonlyMap<string, Permutation> {
  const wanted = new Map<string, Permutation>();
  for (const { operator } of graph.nodes) {
    for (const [name, permutation] of parametersOfOperator(operator)) wanted.set(name, permutation);
  }
  return wanted;
}

function parametersOfOperator(operator: Operator): readonly (readonly [string, Permutation])[] {
  switch (operator.kind) {
    case 'dense':
      return named(
        [operator.kernel, operator.kernelLayout === 'out-in' ? [1, 0] : null],
        operator.bias,
      );
    case 'conv2d':
      return named(
        [operator.kernel, operator.kernelLayout === 'OIHW' ? [2, 3, 1, 0] : null],
        operator.bias,
      );
    case 'depthwiseConv2d':
      return named([operator.kernel, null], operator.bias);
    case 'batchNormalization':
      return named([operator.mean, null], operator.variance, operator.gamma, operator.beta);
    case 'pool2d':
    case 'globalPool2d':
    case 'activation':
    case 'identity':
    case 'flatten':
    case 'reshape':
    case 'zeroPadding2d':
    case 'merge':
    case 'concatenate':
    case 'opaque':
      return [];
  }
}

function named(
  first: readonly [string, Permutation],
  ...rest: readonly (string | null)[]
): readonly (readonly [string, Permutation])[] {
  return [first, ...rest.filter((name) => name !== null).map((name) => [name, null] as const)];
}
