// Outputs of a model on the own executor beside those that its own framework computed.
import assert from 'node:assert/strict';
import type { Architecture } from '../../src/core/recipe/recipe';
import { readTensorValues } from '../../src/core/model/readTensor';
import { createTfjsExecutor } from '../../src/engines/tfjs/createTfjsExecutor';
import type { DenseArray } from '../../src/core/graph/executor';
import { openModelFile } from '../../src/node/openModel';

/** An array with its name in the npz. */
export type NamedArrays = ReadonlyMap<string, DenseArray>;

/** Every array of an npz, as float32. */
export async function readArrays(file: string): Promise<NamedArrays> {
  const opened = await openModelFile(file);
  const { model } = opened;
  try {
    const arrays = new Map<string, DenseArray>();
    for (const tensor of model.tensors) {
      const values = Float32Array.from(await readTensorValues(model, tensor), Number);
      arrays.set(tensor.name, { shape: tensor.shape, values });
    }
    return arrays;
  } finally {
    await opened.close();
  }
}

/** The arrays `<stem>0`, `<stem>1` and so on, in their order. */
export function numbered(arrays: NamedArrays, stem: string): readonly DenseArray[] {
  const found: DenseArray[] = [];
  for (let next = arrays.get(`${stem}0`); next !== undefined;) {
    found.push(next);
    next = arrays.get(`${stem}${found.length}`);
  }
  return found;
}

/** What a model file makes of one batch, with the names of its outputs. */
export async function runOnce(
  file: string,
  inputs: readonly DenseArray[],
  architecture: Architecture | null = null,
): Promise<readonly (DenseArray & { readonly name: string })[]> {
  const opened = await openModelFile(file, { architecture });
  try {
    const executor = await createTfjsExecutor(opened.model, []);
    try {
      const outputs = await executor.run(inputs);
      const names = opened.model.graph?.outputs.map(({ name }) => name) ?? [];
      return outputs.map((output, i) => ({ ...output, name: names[i] ?? String(i) }));
    } finally {
      executor.dispose();
    }
  } finally {
    await opened.close();
  }
}

/** The largest difference of any element, over max(1, the largest that is expected). */
export function relativeDifference(found: DenseArray, expected: DenseArray): number {
  assert.equal(found.values.length, expected.values.length);
  const largest = expected.values.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  const differences = expected.values.map((value, i) => {
    const other = found.values[i] ?? NaN;
    return Object.is(value, other) || value === other ? 0 : Math.abs(value - other);
  });
  return differences.reduce((max, one) => (one <= max ? max : one), 0) / largest;
}
