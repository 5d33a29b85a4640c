import type { ByteSink } from '../model/modelSink';
import type { JobControl } from '../progress';

/** What packing makes of one tensor. */
export interface TensorPacking {
  readonly name: string;
  readonly elementCount: number;
  /** Elements with any bit set: a negative zero counts, because it comes back as it was. */
  readonly kept: number;
  readonly bytesBefore: number;
  /** As before where the tensor stays as it is. */
  readonly bytesAfter: number;
  /** Why the tensor stays as it is, in words; null where its zeros are left out. */
  readonly leftBecause: string | null;
}

/** A file without its zeros, before it is written: the zeros are counted, nothing is kept of the values. */
export interface Packing {
  /** Of the whole file. */
  readonly byteLength: number;
  /** The tensors that could be packed, in the file's order. */
  readonly tensors: readonly TensorPacking[];
  /** Bytes may come in any order. @throws IoError, FormatError, CancelledError. */
  write(sink: ByteSink, control: JobControl): Promise<void>;
}

/** A file with its zeros back, before it is written. */
export interface Unpacking {
  readonly byteLength: number;
  /** How many tensors get their zeros back. */
  readonly unpackedCount: number;
  /** Whether the file is, byte for byte, the one that was packed. */
  readonly isOriginalFile: boolean;
  /** @throws IoError, FormatError, CancelledError. */
  write(sink: ByteSink, control: JobControl): Promise<void>;
}

/** What stands in {@link TensorPacking.leftBecause} of a tensor with too few zeros. */
export function tooFewZeros(packedBytes: number, rawBytes: number): string {
  return `would take ${packedBytes} bytes instead of ${rawBytes}`;
}
