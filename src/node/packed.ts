import type { TensorPacking } from '../core/pack/packing';

/** What was written. */
export interface Packed {
  /** Absolute path. */
  readonly output: string;
  /** Bytes of all files of the model, before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly tensors: readonly TensorPacking[];
}

/** What was written. */
export interface Unpacked {
  /** Absolute path. */
  readonly output: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** How many tensors got their zeros back. */
  readonly unpackedCount: number;
  /** Whether it is, byte for byte, the file that was packed. */
  readonly isOriginalFile: boolean;
}
