import type { ByteSource } from '../io';

/** One file being written; bytes may come in any order. */
export interface ByteSink {
  /** @throws IoError when writing fails. */
  write(byteOffset: number, bytes: Uint8Array): Promise<void>;
}

/** A file for the time of one write, which nobody else sees. */
export interface ScratchFile extends ByteSink {
  /** @throws IoError when nothing was written there. */
  readInto(byteOffset: number, target: Uint8Array): Promise<void>;
  /** Removes the file. */
  close(): Promise<void>;
}

/**
 * How a file's bytes come: from its start to its end, but for renewed checksums at last; or as a
 * container needs it, whose headers are known after what they describe.
 */
export type WriteOrder = 'ascending' | 'any';

/** Where a model's files go; made for each stored file in turn. */
export interface ModelSink {
  /** The names that files besides the main one get, by those they had; unchanged ones are not listed. */
  readonly newNames?: ReadonlyMap<string, string>;
  openFile(source: ByteSource, order: WriteOrder): Promise<ByteSink>;
  /** For a container within a container, which must be whole before it can be packed. */
  openScratch(): Promise<ScratchFile>;
}
