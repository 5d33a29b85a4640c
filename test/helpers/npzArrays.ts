import { readTensorValues } from '../../src/core/model/readTensor';
import { openModelFile } from '../../src/node/openModel';
import { fixturePath } from './fixtures';

/** An array as single floats, with its shape. */
export interface FloatArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The tensors of a file below test/fixtures by name; `only` keeps those it is true of. */
export async function readFloatArrays(
  file: string,
  only: (name: string) => boolean = () => true,
): Promise<ReadonlyMap<string, FloatArray>> {
  const opened = await openModelFile(fixturePath(file));
  try {
    const arrays = new Map<string, FloatArray>();
    for (const tensor of opened.model.tensors) {
      if (!only(tensor.name)) continue;
      const values = Float32Array.from(await readTensorValues(opened.model, tensor));
      arrays.set(tensor.name, { shape: tensor.shape, values });
    }
    return arrays;
  } finally {
    await opened.close();
  }
}
