import { bytesOf, type MemoryTensor } from './memoryModel';

/** A float32 matrix in memory. */
export function matrix(
  name: string,
  shape: readonly [number, number],
  values: readonly number[] | Float32Array,
): MemoryTensor {
  return { name, shape, dtype: 'float32', bytes: bytesOf(Float32Array.from(values)) };
}

/** Matrices of one to eight rows and up to sixty columns, each of its own scale; with `ties` of few values. */
export function randomMatrices(random: () => number, ties: boolean): readonly MemoryTensor[] {
  return Array.from({ length: 2 + Math.floor(6 * random()) }, (_, i) => {
    const shape = [1 + Math.floor(8 * random()), 1 + Math.floor(60 * random())] as const;
    const scale = 4 ** (4 * random() - 2);
    const values = Float32Array.from({ length: shape[0] * shape[1] }, () =>
      ties ? Math.round(4 * random()) - 2 : scale * (random() - 0.5),
    );
    return matrix(`t${i}`, shape, values);
  });
}
