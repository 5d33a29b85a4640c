import { type ByteSource, readBytes } from '../../io';
import { CHUNK_BYTES } from '../../limits';
import type { RewriteJob } from '../../model/model';
import { throwIfCancelled } from '../../progress';
import { lookup3 } from './checksums';
import { unsupported } from './hdf5Error';
import type { CheckedBlock } from './objectHeader';
import type { Superblock } from './superblock';

const CHECKSUM_BYTES = 4;
const PENDING_BYTES = 64 * 1024;

/** New bytes of an index record. */
interface Patch {
  readonly byteOffset: number;
  readonly bytes: Uint8Array;
}

/**
 * Writes an HDF5 file anew: all bytes copied, then some replaced and others put at the end; the checksums
 * over what was replaced, and the end-of-file address, are put right.
 */
export class FileRewriter {
  /** Where the next bytes that find no room elsewhere go. */
  private endOffset: number;
  /** By the block's offset. */
  private readonly patches = new Map<number, { block: CheckedBlock; patches: Patch[] }>();

  /** What was given last to be written, while more may follow it. */
  private readonly pending = new Uint8Array(PENDING_BYTES);
  private pendingOffset = 0;
  private pendingBytes = 0;

  constructor(
    private readonly job: RewriteJob,
    private readonly superblock: Superblock,
  ) {
    this.endOffset = job.original.byteLength;
  }

  /** Bytes of an address in the file. */
  get addressBytes(): number {
    return this.superblock.extent.widths.offsetBytes;
  }

  get original(): ByteSource {
    return this.job.original;
  }

  async copyOriginal(): Promise<void> {
    const { original, sink } = this.job;
    for (let at = 0; at < original.byteLength; at += CHUNK_BYTES) {
      this.throwIfCancelled();
      const length = Math.min(CHUNK_BYTES, original.byteLength - at);
      await sink.write(at, await readBytes(original, at, length));
    }
  }

  /** Small runs that follow one another are written together. The bytes are copied, or written at once. */
  async write(byteOffset: number, bytes: Uint8Array): Promise<void> {
    const follows = byteOffset === this.pendingOffset + this.pendingBytes;
    if (!follows || this.pendingBytes + bytes.length > this.pending.length) await this.flush();
    if (bytes.length > this.pending.length) {
      await this.job.sink.write(byteOffset, bytes);
      return;
    }
    if (this.pendingBytes === 0) this.pendingOffset = byteOffset;
    this.pending.set(bytes, this.pendingBytes);
    this.pendingBytes += bytes.length;
  }

  private async flush(): Promise<void> {
    const byteLength = this.pendingBytes;
    this.pendingBytes = 0;
    if (byteLength === 0) return;
    await this.job.sink.write(this.pendingOffset, this.pending.subarray(0, byteLength));
  }

  /**
   * Writes bytes in the place of old ones, or at the end of the file where they do not fit.
   * @returns where they are now.
   */
  async replace(old: CheckedBlock, bytes: Uint8Array): Promise<number> {
    if (bytes.length <= old.byteLength) {
      await this.write(old.byteOffset, bytes);
      return old.byteOffset;
    }
    const byteOffset = this.endOffset;
    this.endOffset += bytes.length;
    await this.write(byteOffset, bytes);
    return byteOffset;
  }

  /** Replaces a number; what a checksum covers is written by {@link finish}. */
  async setNumber(
    field: { readonly byteOffset: number; readonly byteLength: number },
    value: number,
    block: CheckedBlock | null,
  ): Promise<void> {
    const bytes = encodeNumber(value, field.byteLength);
    if (block === null) {
      await this.write(field.byteOffset, bytes);
      return;
    }
    this.patch(block, { byteOffset: field.byteOffset, bytes });
  }

  patch(block: CheckedBlock, patch: Patch): void {
    const known = this.patches.get(block.byteOffset);
    if (known === undefined) this.patches.set(block.byteOffset, { block, patches: [patch] });
    else known.patches.push(patch);
  }

  /** The address that structures know a place by. */
  addressOf(byteOffset: number): number {
    return byteOffset - this.superblock.extent.baseOffset;
  }

  /** Writes blocks with their new checksums, and the new end of the file. */
  async finish(): Promise<void> {
    if (this.endOffset > this.original.byteLength) {
      const { endField, endShift, checked } = this.superblock;
      await this.setNumber(endField, this.endOffset + endShift, checked);
    }
    for (const { block, patches } of this.patches.values()) {
      this.throwIfCancelled();
      const bytes = await readBytes(this.original, block.byteOffset, block.byteLength);
      for (const patch of patches) bytes.set(patch.bytes, patch.byteOffset - block.byteOffset);
      const end = bytes.length - CHECKSUM_BYTES;
      new DataView(bytes.buffer).setUint32(end, lookup3(bytes.subarray(0, end)), true);
      await this.write(block.byteOffset, bytes);
    }
    await this.flush();
  }

  throwIfCancelled(): void {
    throwIfCancelled(this.job.control.signal);
  }
}

/** @throws UnsupportedError when the field is too narrow: the file has grown beyond its addresses. */
function encodeNumber(value: number, byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  let rest = value;
  for (let i = 0; i < byteLength; i++) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  if (rest === 0) return bytes;
  throw unsupported(
    'rewriting',
    `the number ${value} in a field of ${byteLength} bytes`,
    `numbers below 2^${8 * byteLength}`,
  );
}
