/** Vectors within an array: element i of vector s stands at rows[s] + columns[i]. */
export interface VectorTable {
  readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** target[s, i] = element i of vector `from` + s, for `count` vectors. */
export function gatherVectors(
  { values, rows, columns }: VectorTable,
  { from, count }: { readonly from: number; readonly count: number },
  target: Float64Array,
  offset: number,
): void {
  const width = columns.length;
  for (let s = 0, to = offset; s < count; s++) {
    const row = rows[from + s];
    for (let i = 0; i < width; i++, to++) target[to] = values[row + columns[i]];
  }
}

/** Where the elements of one image go in its padded copy. */
export interface PaddedCopy {
  /** For each place of the copy (without channels) where it comes from in the image; -1: it stays 0. */
  readonly sources: Int32Array;
  readonly channels: number;
  readonly channelStride: number;
}

/** Copies one image, which begins at `offset`, into its place among zeros, channels last. */
export function copyPadded(
  values: VectorTable['values'],
  offset: number,
  { sources, channels, channelStride }: PaddedCopy,
  target: Float64Array,
): void {
  for (let place = 0; place < sources.length; place++) {
    if (sources[place] < 0) continue;
    const from = offset + sources[place];
    const to = place * channels;
    for (let c = 0; c < channels; c++) target[to + c] = values[from + c * channelStride];
  }
}
