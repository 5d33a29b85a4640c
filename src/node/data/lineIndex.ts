import { FormatError } from '../../core/errors';
import type { ByteSource } from '../../core/io';
import { CHUNK_BYTES } from '../../core/limits';
import { type JobControl, throwIfCancelled } from '../../core/progress';
import { MAX_JSON_LINE_BYTES, MAX_JSON_LINES } from './limits';

const NEWLINE = 0x0a;

/** Where the lines of a file begin that are not empty. */
export interface LineIndex {
  readonly count: number;
  /** Of line `row`; of the line behind the last, the file's end. */
  start(row: number): number;
}

/**
 * Finds the lines of a file in one pass.
 * @throws FormatError for a file without lines, too many, or one too long; CancelledError.
 */
export async function indexLines(
  source: ByteSource,
  { signal, report }: JobControl,
): Promise<LineIndex> {
  const starts = new StartList(source.name);
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(1, source.byteLength)));
  for (let at = 0; at < source.byteLength; at += buffer.length) {
    throwIfCancelled(signal);
    report({ phase: 'verify', done: at, total: source.byteLength, item: source.name });
    const part = buffer.subarray(0, Math.min(buffer.length, source.byteLength - at));
    await source.readInto(at, part);
    starts.scan(part, at);
  }
  return starts.finish(source.byteLength);
}

class StartList {
  private starts = new Float64Array(1024);
  private count = 0;
  /** The line in hand has shown more than blanks. */
  private inLine = false;

  constructor(private readonly name: string) {}

  scan(bytes: Uint8Array, offset: number): void {
    for (let i = 0; i < bytes.length; i++) {
      if (this.inLine) {
        const end = bytes.indexOf(NEWLINE, i);
        if (end === -1) return;
        i = end;
        this.inLine = false;
      } else if (!isBlank(bytes[i])) {
        this.push(offset + i);
        this.inLine = true;
      }
    }
  }

  finish(byteLength: number): LineIndex {
    if (this.count === 0) throw this.broken('no lines', 'at least one JSON object');
    this.assertLength(byteLength);
    const { starts, count } = this;
    return { count, start: (row) => (row < count ? (starts[row] ?? 0) : byteLength) };
  }

  private push(start: number): void {
    this.assertLength(start);
    if (this.count === MAX_JSON_LINES) {
      throw this.broken(`more than ${MAX_JSON_LINES} lines`, `at most ${MAX_JSON_LINES}`);
    }
    if (this.count === this.starts.length) {
      const grown = new Float64Array(this.count * 2);
      grown.set(this.starts);
      this.starts = grown;
    }
    this.starts[this.count++] = start;
  }

  private assertLength(end: number): void {
    const last = this.count === 0 ? end : (this.starts[this.count - 1] ?? end);
    if (end - last <= MAX_JSON_LINE_BYTES) return;
    throw this.broken(
      `row ${this.count - 1} of ${end - last} bytes`,
      `at most ${MAX_JSON_LINE_BYTES} a line`,
    );
  }

  private broken(found: string, allowed: string): FormatError {
    return new FormatError({ format: 'jsonl', place: this.name, found, allowed });
  }
}

/** Space, tab, and the ends of lines; also the three bytes of a byte order mark, which begins some files. */
function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === NEWLINE || isMark(byte);
}

function isMark(byte: number | undefined): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}
