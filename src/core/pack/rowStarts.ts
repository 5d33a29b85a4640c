/**
 * How many elements of a matrix are kept before each row that begins in a chunk of it.
 * @param flags 1 for each kept element of the chunk
 * @param chunk its first element, and how many elements are kept before it
 */
export function rowStartsAmong(
  flags: Uint8Array,
  chunk: { readonly firstElement: number; readonly columns: number; readonly kept: number },
): Float64Array {
  const { firstElement, columns, kept } = chunk;
  const firstRow = Math.ceil(firstElement / columns);
  const endRow = Math.ceil((firstElement + flags.length) / columns);
  const starts = new Float64Array(endRow - firstRow);
  let count = kept;
  let at = 0;
  for (let row = firstRow; row < endRow; row++) {
    for (const start = row * columns - firstElement; at < start; at++) count += flags[at] ?? 0;
    starts[row - firstRow] = count;
  }
  return starts;
}
