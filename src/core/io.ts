/** Random access to the bytes of one file. */
export interface ByteSource {
  /** The file's name as shown to the user, relative to the model's folder. */
  readonly name: string;
  readonly byteLength: number;
  /** The bytes are decoded from another file of the model (a deflated member, say): no file of its own. */
  readonly derived?: true;
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

/** A deflate stream as zip has it (raw) or with zlib's header and checksum, as HDF5 has it. */
export type DeflateWrapper = 'raw' | 'zlib';

/** A deflate stream inside a file. */
export interface DeflatedRange {
  readonly source: ByteSource;
  readonly byteOffset: number;
  readonly compressedBytes: number;
  /** Of the inflated bytes. */
  readonly byteLength: number;
  /** Name of the inflated file. */
  readonly name: string;
  /** For messages, e.g. `member "conv.npy"`. */
  readonly place: string;
  readonly wrapper: DeflateWrapper;
}

/** The CRC-32 of ISO 3309 of bytes that follow those whose CRC is `previous` (0 at the start). */
export type Crc32 = (bytes: Uint8Array, previous?: number) => number;

/** What zip and HDF5 need besides the core: deflate, and a checksum at the speed of the machine. */
export interface Compression {
  readonly crc32: Crc32;
  /** @throws FormatError when the stream is broken or does not give exactly `byteLength` bytes. */
  inflate(
    compressed: Uint8Array,
    expected: {
      readonly byteLength: number;
      readonly place: string;
      readonly wrapper: DeflateWrapper;
    },
  ): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * The inflated bytes as a file in constant space: read forwards it costs one pass; reading behind
   * what was read last starts again from the beginning.
   */
  openInflated(range: DeflatedRange): ByteSource;
  /** @param level zlib's, 1 to 9 */
  deflate(
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: { readonly wrapper: DeflateWrapper; readonly level: number },
  ): AsyncIterable<Uint8Array>;
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
