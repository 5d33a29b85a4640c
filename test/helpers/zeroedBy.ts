import type { Model } from '../../src/core/model/model';
import { readTensorValues } from '../../src/core/model/readTensor';
import type { PlanEntry } from '../../src/core/report/plan';

/** Which flat indices of each planned tensor are zero after the cuts, by reading with them. */
export async function zeroedBy(
  model: Model,
  entries: readonly PlanEntry[],
): Promise<readonly (readonly boolean[])[]> {
  const result: boolean[][] = [];
  for (const entry of entries) {
    const tensor = model.tensors.find(({ name }) => name === entry.tensor)!;
    const values = await readTensorValues(model, tensor, entry.cut);
    result.push(Array.from(values, (value) => value === 0));
  }
  return result;
}
