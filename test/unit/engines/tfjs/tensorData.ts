/** Values from -1 to 1 for an array of this shape. */
export function randomTensorData(shape: readonly number[], random: () => number): Float32Array {
  const size = shape.reduce((product, n) => product * n, 1);
  return Float32Array.from({ length: size }, () => 2 * random() - 1);
}

/** One whole number a limit, from the first list up to and with the second. */
export function randomIntegers(
  from: readonly number[],
  to: readonly number[],
  random: () => number,
): number[] {
  return from.map((least, i) => least + Math.floor(random() * (to[i]! - least + 1)));
}
