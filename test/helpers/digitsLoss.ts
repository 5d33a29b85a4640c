import type { DenseArray, LossObjective } from '../../src/core/graph/executor';
import { readArrays } from './npzArrays';

const SAMPLES = 64;

/** The batch of the oracle's criteria: the first 64 training samples of the digits, and what they are. */
export async function digitsLoss(): Promise<{
  readonly inputs: readonly DenseArray[];
  readonly objective: LossObjective;
}> {
  const arrays = await readArrays('datasets/digits.npz', (key) => key.endsWith('_train'));
  const [images, labels] = [arrays.get('x_train')!, arrays.get('y_train')!];
  const values = images.values.slice(0, SAMPLES * 64).map((pixel) => pixel / 16);
  const targets = { kind: 'classes', classes: [...labels.values.slice(0, SAMPLES)] } as const;
  return {
    inputs: [{ shape: [SAMPLES, 64], values }],
    objective: { kind: 'loss', loss: 'ce-logits', targets },
  };
}
