import type { ByteSource } from '../io';
import type { Model } from '../model/model';

/** Small tensors of one graph often lie side by side. */
const WINDOW_BYTES = 64 * 1024;

/** The model, its files read through windows: for reading many small tensors in the file's order. */
export function readInWindows(model: Model): Model {
  return { ...model, files: model.files.map((file) => new WindowedSource(file)) };
}

/**
 * A file read through one window, for many small reads that lie close together: each read of the file
 * itself costs as much as decoding hundreds of elements.
 */
class WindowedSource implements ByteSource {
  readonly name: string;
  readonly byteLength: number;
  private start = 0;
  private window = new Uint8Array(0);

  constructor(private readonly source: ByteSource) {
    this.name = source.name;
    this.byteLength = source.byteLength;
  }

  async readInto(byteOffset: number, target: Uint8Array): Promise<void> {
    if (target.length > WINDOW_BYTES) return this.source.readInto(byteOffset, target);
    if (!this.holds(byteOffset, target.length)) await this.load(byteOffset, target.length);
    const from = byteOffset - this.start;
    target.set(this.window.subarray(from, from + target.length));
  }

  private holds(byteOffset: number, byteLength: number): boolean {
    const from = byteOffset - this.start;
    return from >= 0 && from + byteLength <= this.window.length;
  }

  /** At the end of the file the read itself says that it goes too far. */
  private async load(byteOffset: number, byteLength: number): Promise<void> {
    const rest = Math.max(byteLength, Math.min(WINDOW_BYTES, this.byteLength - byteOffset));
    const window = new Uint8Array(rest);
    await this.source.readInto(byteOffset, window);
    this.window = window;
    this.start = byteOffset;
  }
}
