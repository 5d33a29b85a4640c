import { malformed } from './hdf5Error';
import type { CheckedBlock } from './objectHeader';

/** One chunk as the index has it. */
export interface IndexedChunk {
  /** Absolute, in the file. */
  readonly byteOffset: number;
  /** As stored. */
  readonly byteLength: number;
  /** Bit i: filter i was left out. */
  readonly filterMask: number;
  /** Absolute offset of the address in the index; -1 where the index has none. */
  readonly recordOffset: number;
  readonly block: CheckedBlock | null;
}

/** Where the fields of an index record stand, from its address on. */
export interface RecordFields {
  readonly sizeDelta: number;
  readonly sizeBytes: number;
}

const MISSING = -1;

/** Where all chunks of a data set lie, in typed arrays: 32 bytes a chunk. */
export class ChunkTable {
  /** Of filtered chunks: where their stored size stands. */
  fields: RecordFields = { sizeDelta: 0, sizeBytes: 0 };
  storedCount = 0;
  private readonly byteOffsets: Float64Array;
  private readonly byteLengths: Float64Array;
  private readonly recordOffsets: Float64Array;
  private readonly masks: Uint32Array;
  private readonly blockIndices: Int32Array;
  private readonly blocks: CheckedBlock[] = [];
  private lastBlock: CheckedBlock | null = null;

  constructor(
    readonly chunkCount: number,
    private readonly place: string,
  ) {
    this.byteOffsets = new Float64Array(chunkCount).fill(MISSING);
    this.byteLengths = new Float64Array(chunkCount);
    this.recordOffsets = new Float64Array(chunkCount);
    this.masks = new Uint32Array(chunkCount);
    this.blockIndices = new Int32Array(chunkCount).fill(MISSING);
  }

  /** @throws FormatError when the chunk is listed twice. */
  set(index: number, chunk: IndexedChunk): void {
    if (this.byteOffsets[index] !== MISSING) {
      const place = this.place;
      throw malformed({ place, found: `chunk ${index} twice`, allowed: 'each chunk once' });
    }
    if (chunk.block !== null && chunk.block !== this.lastBlock) {
      this.blocks.push(chunk.block);
      this.lastBlock = chunk.block;
    }
    this.storedCount++;
    this.byteOffsets[index] = chunk.byteOffset;
    this.byteLengths[index] = chunk.byteLength;
    this.recordOffsets[index] = chunk.recordOffset;
    this.masks[index] = chunk.filterMask;
    this.blockIndices[index] = chunk.block === null ? MISSING : this.blocks.length - 1;
  }

  /** Null where the chunk was never written. */
  get(index: number): IndexedChunk | null {
    const byteOffset = this.byteOffsets[index] ?? MISSING;
    if (byteOffset === MISSING) return null;
    return {
      byteOffset,
      byteLength: this.byteLengths[index] ?? 0,
      filterMask: this.masks[index] ?? 0,
      recordOffset: this.recordOffsets[index] ?? MISSING,
      block: this.blocks[this.blockIndices[index] ?? MISSING] ?? null,
    };
  }

  /**
   * Chunks that share bytes could make a small file decode to any size, and an edit of one would change the other.
   * @throws FormatError
   */
  assertApart(): void {
    const order = Uint32Array.from({ length: this.chunkCount }, (_, i) => i).sort(
      (a, b) => (this.byteOffsets[a] ?? 0) - (this.byteOffsets[b] ?? 0),
    );
    let end = 0;
    for (const index of order) {
      const start = this.byteOffsets[index] ?? MISSING;
      if (start === MISSING) continue;
      if (start < end) {
        throw malformed({
          place: this.place,
          found: `chunk ${index} inside another chunk`,
          allowed: 'chunks with bytes of their own',
          byteOffset: start,
        });
      }
      end = start + (this.byteLengths[index] ?? 0);
    }
  }
}
