import { createHash } from 'node:crypto';
import type { InputProduct, WeightMatrix } from '../../src/core/linearAlgebra/inputProduct';
import { readTensorValues } from '../../src/core/model/readTensor';
import { openModelFile } from '../../src/node/openModel';
import { fixturePath, readOracle } from './fixtures';

/** What a method made of one layer, as test/fixtures/oracles/pruning/digits_mlp.json tells it. */
export interface ReconstructedLayer {
  readonly size: number;
  readonly pruned: number;
  readonly mask_sha256: string;
  /** Mean over samples and outputs of (W'x - Wx)^2. */
  readonly mse: number;
}

/** The `reconstruction` of digits_mlp: its layer fc2 at 50 % on 256 rows (NumPy in float64). */
export interface ReconstructionOracle {
  readonly layer: string;
  readonly N: number;
  readonly amount: number;
  readonly dead_inputs: readonly number[];
  readonly lam: number;
  readonly magnitude_per_row: ReconstructedLayer;
  readonly magnitude_per_layer: ReconstructedLayer;
  readonly least_squares_on_magnitude_per_row_mask: { readonly mse: number; readonly l2: number };
  readonly wanda_per_row: ReconstructedLayer;
  readonly sparsegpt_block128: ReconstructedLayer;
  readonly sparsegpt_block16: ReconstructedLayer;
  readonly obs_exact_per_row: ReconstructedLayer;
}

export async function readReconstructionOracle(): Promise<ReconstructionOracle> {
  const oracle = (await readOracle('pruning/digits_mlp')) as {
    readonly reconstruction: ReconstructionOracle;
  };
  return oracle.reconstruction;
}

/** The arrays beside it by name, in float64: X [samples, inputs]; weights and masks [outputs, inputs]. */
export async function readReconstructionArrays(): Promise<ReadonlyMap<string, Float64Array>> {
  const opened = await openModelFile(fixturePath('oracles/pruning/digits_mlp_fc2_recon.npz'));
  try {
    const arrays = new Map<string, Float64Array>();
    for (const tensor of opened.model.tensors) {
      const values = await readTensorValues(opened.model, tensor);
      arrays.set(tensor.name, Float64Array.from(values));
    }
    return arrays;
  } finally {
    await opened.close();
  }
}

/** X X^T of samples [samples, inputs], by plain loops. */
export function inputProductOf(samples: ArrayLike<number>, inputs: number): InputProduct {
  const count = samples.length / inputs;
  const values = new Float64Array(inputs * inputs);
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < inputs; i++) {
      const x = samples[s * inputs + i]!;
      for (let j = 0; j < inputs; j++) values[i * inputs + j]! += x * samples[s * inputs + j]!;
    }
  }
  return { inputs, values, samples: count };
}

/** Weights [outputs, inputs] as the matrix that inputs are multiplied with. */
export function weightMatrixOf(weights: ArrayLike<number>, inputs: number): WeightMatrix {
  const outputs = weights.length / inputs;
  return { inputs, outputs, values: Float64Array.from(transposed(weights, outputs, inputs)) };
}

/** A matrix [rows, columns] as [columns, rows]. */
export function transposed(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
): readonly number[] {
  return Array.from(
    { length: values.length },
    (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!,
  );
}

/** Mean over samples and outputs of the squared change of what a layer gives. Weights [outputs, inputs]. */
export function outputError(
  samples: ArrayLike<number>,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  inputs: number,
): number {
  const outputs = before.length / inputs;
  const count = samples.length / inputs;
  let sum = 0;
  for (let s = 0; s < count; s++) {
    for (let o = 0; o < outputs; o++) {
      let change = 0;
      for (let i = 0; i < inputs; i++) {
        change += (after[o * inputs + i]! - before[o * inputs + i]!) * samples[s * inputs + i]!;
      }
      sum += change * change;
    }
  }
  return sum / (count * outputs);
}

/** SHA-256 of a byte a weight, 1 = kept. */
export function keptDigest(weights: ArrayLike<number>): string {
  const kept = Uint8Array.from(weights, (weight) => (weight === 0 ? 0 : 1));
  return createHash('sha256').update(kept).digest('hex');
}
