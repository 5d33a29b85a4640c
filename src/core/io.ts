/** Random access to the bytes of one file. */
export interface ByteSource {
  /** The file's name as shown to the user, relative to the model's folder. */
  readonly name: string;
  readonly byteLength: number;
  /** The bytes were made in memory (an inflated member): no file to be copied or counted. */
  readonly inMemory?: true;
  /**
   * Fills `target` with the bytes from `byteOffset` on.
   * @throws FormatError when the file ends before that; IoError when reading fails.
   */
  readInto(byteOffset: number, target: Uint8Array): Promise<void>;
}

/** The files that one model may consist of: the named one and what lies beside or below it. */
export interface ModelFiles {
  /** The file the user named (for a folder: the index file found in it). */
  readonly main: ByteSource;
  /**
   * Opens other files of the same model by the relative paths written in the model.
   * @throws FormatError when a path leaves the model's folder, also through a symbolic link, is
   *   absolute, is an address, or comes twice, and naming all that are missing; IoError when a file
   *   cannot be read.
   */
  openBeside(relativePaths: readonly string[], format: string): Promise<readonly ByteSource[]>;
  close(): Promise<void>;
}

/** Inflates a raw deflate stream of a known size. The core has no decompressor of its own. */
export interface Inflater {
  /** @throws FormatError when the stream is broken or does not give exactly `byteLength` bytes. */
  inflateRaw(
    compressed: Uint8Array,
    byteLength: number,
    place: string,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads `byteLength` bytes into a new array. For headers: weights are read in chunks instead. */
export async function readBytes(
  source: ByteSource,
  byteOffset: number,
  byteLength: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(byteLength);
  await source.readInto(byteOffset, bytes);
  return bytes;
}
