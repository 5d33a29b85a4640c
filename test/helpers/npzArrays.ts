import type { DenseArray } from '../../src/core/graph/executor';
import { readTensorValues } from '../../src/core/model/readTensor';
import { openModelFile } from '../../src/node/openModel';
import { fixturePath } from './fixtures';

/** Arrays as single floats, by name. */
export type NamedArrays = ReadonlyMap<string, DenseArray>;

/** The tensors of a file below test/fixtures by name; `only` keeps those it is true of. */
export async function readArrays(
  file: string,
  only: (name: string) => boolean = () => true,
): Promise<NamedArrays> {
  const opened = await openModelFile(fixturePath(file));
  try {
    const arrays = new Map<string, DenseArray>();
    for (const tensor of opened.model.tensors) {
      if (!only(tensor.name)) continue;
      const values = Float32Array.from(await readTensorValues(opened.model, tensor), Number);
      arrays.set(tensor.name, { shape: tensor.shape, values });
    }
    return arrays;
  } finally {
    await opened.close();
  }
}

/** The arrays `<stem>0`, `<stem>1` and so on, in their order. */
export function numberedArrays(arrays: NamedArrays, stem: string): readonly DenseArray[] {
  const found: DenseArray[] = [];
  for (let next = arrays.get(`${stem}0`); next !== undefined;) {
    found.push(next);
    next = arrays.get(`${stem}${found.length}`);
  }
  return found;
}
