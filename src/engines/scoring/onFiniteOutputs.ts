import type { Steps, WeightMatrix } from '../../core/linearAlgebra/inputProduct';

/**
 * Solves for the outputs whose weights are all finite: no other weight can make up for what NaN or infinity does.
 * The others keep theirs, but for what the flags take.
 * @param flags what goes, laid out as the matrix; null where the criterion chooses
 * @returns all new weights, laid out as the matrix
 */
export function* onFiniteOutputs(
  matrix: WeightMatrix,
  flags: Uint8Array | null,
  solve: (matrix: WeightMatrix, flags: Uint8Array | null) => Steps<Float64Array<ArrayBuffer>>,
): Steps<Float64Array<ArrayBuffer>> {
  const { inputs, outputs, values } = matrix;
  const isFinite = new Uint8Array(outputs).fill(1);
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) isFinite[i % outputs] = 0;
  });
  const solved = [...isFinite.keys()].filter((output) => isFinite[output] === 1);
  if (solved.length === outputs) return yield* solve(matrix, flags);
  const from = (i: number): number =>
    Math.floor(i / solved.length) * outputs + (solved[i % solved.length] ?? 0);
  const count = inputs * solved.length;
  const part = Float64Array.from({ length: count }, (_, i) => values[from(i)] ?? 0);
  const partFlags =
    flags === null ? null : Uint8Array.from({ length: count }, (_, i) => flags[from(i)] ?? 0);
  const found =
    count === 0 ? part : yield* solve({ inputs, outputs: solved.length, values: part }, partFlags);
  const all = Float64Array.from(values, (value, i) => (flags?.[i] === 1 ? 0 : value));
  found.forEach((value, i) => (all[from(i)] = value));
  return all;
}
